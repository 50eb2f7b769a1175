# What a store had when its persister started was never saved where nothing was: neither could be read at
# first, and that it could be read later made the save that had failed forgotten.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=1 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=0 journal=0
start 0 34975 37408
outage 3 41973 25024
run 2 3408 44058
medium 3 51064 30546
run 2 38905 14287
medium 3 14193 49736
run 0 45124 17487
edit 0 37575 214
end 0 45079 14941
start 2 47059 54143
run 2 15790 57211
medium 3 61918 11386
run 0 32346 50722
medium 0 43868 17044

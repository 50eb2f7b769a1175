# A fold that is refused for ever was tried again every two seconds: in between, the medium was read,
# and that it could be made all failures forgotten.

world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=1 journal=1
start 0 56856 36119
run 0 35350 43921
edit 0 61361 35488
edit 0 2989 23851
medium 1 17663 53124
edit 0 24327 54007
medium 1 22242 47674
edit 0 60710 35712
work 0 8302 40634
edit 0 8504 25133
run 0 38843 8963
end 0 63576 50417

# 5.2.4 after an ambiguous save, the medium is read.
# Without that: a peer made two rows of one: something and something.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=0 journal=0
start 2 16749 52794
run 2 18972 3373
medium 1 54771 35288
work 2 22962 53042
run 2 14700 51359
edit 2 52049 50476
medium 2 51507 57193
ask 2 11181 48716
work 2 13344 44900
run 2 61665 20152
medium 0 2539 25385
ask 2 8576 65083
edit 2 59664 15587

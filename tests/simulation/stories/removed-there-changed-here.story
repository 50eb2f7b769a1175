# 5.3 a row that was removed there and changed here comes back.
# Without that: a peer replaced something which is not persisted.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=0 foreign=0 delay=0 nudge=0
start 2 1 0
start 3 1 0
run 0 48942 56110
run 2 34623 60499
medium 0 60955 62657
medium 2 59595 36531
work 2 43076 28383
medium 3 50616 5167
run 2 18119 54717
work 0 43834 53874
edit 3 60387 22644
run 0 54369 38204
edit 0 23745 350

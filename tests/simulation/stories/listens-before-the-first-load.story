# 5.2.9 automatic loading listens before the first load.
# Without that: a process has something else than a medium.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 0 1 0
run 0 43989 28096
medium 1 32777 63482
work 0 19710 16802
run 0 35229 6365
edit 0 36880 37710

# 5.2.6 what failed to be saved is dirty.
# Without that: a peer says that nothing is dirty, but something was lost.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=1 foreign=0 delay=0 nudge=0
start 1 3 0
run 1 11071 19638
medium 0 14309 17968
edit 0 46707 6693

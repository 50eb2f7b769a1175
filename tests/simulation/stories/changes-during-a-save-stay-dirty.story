# 5.2.2 what was changed during a save stays dirty.
# Without that: a peer says that nothing is dirty, but something was lost.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 0 19127 8497
run 0 58589 10356
medium 1 23646 20164
work 0 9378 6218
run 0 61127 13430
edit 0 12580 63257

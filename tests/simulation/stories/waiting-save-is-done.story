# 5.2.1 a save that waits is done.
# Without that: a peer says save, but something was lost.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 1 3 0
edit 0 6548 41467
ask 0 60466 14811

# 5.3 a cell that was set on both sides is ours.
# Without that: a peer replaced something which is not persisted.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 0 0 0
start 2 1 0
edit 2 12573 16371
edit 0 26749 11071

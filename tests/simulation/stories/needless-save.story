# 5.2.5 a save of what is there does no I/O.
# Without that: a peer wrote what was there.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0

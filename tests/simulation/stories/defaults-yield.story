# 5.3 defaults yield to what is there.
# Without that: a peer wrote something over nothing for no reason.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=0 foreign=0 delay=0 nudge=0
start 2 0 0
start 3 3 0
edit 3 30133 5291
run 2 11408 18657

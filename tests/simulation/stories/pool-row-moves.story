# 5.3 a row from the pool moves where another has its id.
# Without that: a peer made one row of two: something of c5 and c20.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 0 0 0
start 2 2 0
run 2 20457 51089
edit 0 32402 23498
edit 2 3659 20899

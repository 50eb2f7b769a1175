# 5.4 the store is kept when what it was on is removed.
# Without that: a peer replaced something which is not persisted.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0
start 0 1 0
run 0 64018 11600
medium 1 47199 61035
work 0 55459 25408
run 0 790 61577
transaction 0 49121 19036
medium 1 63536 21094
foreign 1 60716 56344
transaction 0 42759 30769
ask 0 42793 65227
work 0 633 52759
run 0 31843 2169
edit 0 34196 36086
medium 1 4049 21280

# 5.2.4 a save that has not arrived is not taken for one that has.
# Without that: a peer replaced something which is not persisted.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=1 foreign=0 delay=0 nudge=0
start 0 0 0
edit 0 16256 57577
run 0 38557 52504
medium 2 39899 1498
outage 1 5494 22466
work 0 46679 54820
run 0 54498 51859
medium 1 56916 6609

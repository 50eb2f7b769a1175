# 5.2.1 flush waits for a save of the newest snapshot.
# Without that: a peer says flush, but something was lost.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 2 1 0
run 2 21177 31953
medium 1 23929 25955
work 2 40067 54918
run 2 8438 50344
edit 2 54442 46732
ask 2 49860 49660

# 5.2.7 what is saved after the last reference is what the store had then.
# It was what the store had when the save that was under way was answered, which
# another persister had filled with defaults: what somebody else had written was removed.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=1 foreign=1 delay=0 nudge=0 kind=3 kind2=0 news=0 stale=0 refuses=0 journal=0
start 2 0 0
run 2 11506 16485
outage 0 26861 40078
medium 0 38594 44518
foreign 1 13487 40320
run 2 43791 54066
medium 2 6939 11368
run 2 4701 58519
outage 2 20063 40469
edit 2 43860 53677
run 2 48068 18813
medium 1 60183 1633
react 2 14652 50178
work 2 55405 29192
run 2 27864 29419
start 2 40021 1736
medium 2 46475 39238
foreign 1 47386 64243
run 2 55630 44598
medium 0 34072 29410
work 2 15095 3914

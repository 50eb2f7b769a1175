# 5.4 what is not our format is kept.
# Without that: a peer replaced what is not our format, and did not keep it.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=1 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0
foreign 0 52539 29574
start 2 29461 39826
run 2 9893 34717
medium 0 46830 3951
edit 2 60865 18118
work 2 54136 45446
run 2 56042 9240
medium 2 63576 51691

# 5.2.7 losing the last reference loses no change.
# Without that: a peer is gone, and something was lost.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=1 late=0 echo=0 defaults=1 faults=1 foreign=0 delay=0 nudge=0
start 0 1 0
edit 0 19856 31295
run 0 10363 19363
medium 1 45400 24511
medium 2 59659 58901
work 0 57015 21520
run 0 44846 21822
medium 2 4605 51208
medium 0 33967 51762
run 0 4440 48419
end 0 62135 19953

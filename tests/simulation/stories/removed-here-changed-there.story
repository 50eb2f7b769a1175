# 5.3 a row that was removed here and changed there comes back.
# Without that: a peer removed something for no reason.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=0 foreign=0 delay=0 nudge=0
start 0 0 0
start 2 0 0
run 2 11408 18657
medium 3 24425 62784
work 2 27423 62929
run 0 835 33782
medium 3 20164 50458
medium 3 63329 45976
work 0 23804 39107
run 2 55746 53163
run 0 24020 19696
edit 0 34767 4657
edit 0 6187 15777

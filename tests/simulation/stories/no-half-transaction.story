# 5.2.3 snapshots are taken between transactions.
# Without that: a peer wrote something over nothing for no reason.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=300 nudge=0
start 0 64007 12180
run 0 29576 45299
medium 0 6063 29248
work 0 23942 63859
run 0 47305 43652
medium 0 14174 28057
medium 0 1661 5409
work 0 58029 58934
edit 0 58888 12466
run 0 50177 25679
transaction 0 30831 64817
time 0 14279 56592
edit 0 36080 56281
run 0 29391 37253
run 0 34092 54144
medium 0 3160 34964

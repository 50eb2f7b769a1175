# 5.2.2 rows added during a save are not those of its snapshot.
# Without that: a peer made one row of two: something of c14 and c25.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=0 foreign=0 delay=0 nudge=0
start 0 0 0
start 2 3 0
run 2 33026 64
medium 1 35936 44231
work 2 47447 53277
run 0 60074 46339
run 2 36041 48877
medium 1 50740 4803
edit 2 29679 50914
medium 1 62810 55559
work 0 38691 21594
edit 2 21521 54493
run 0 23629 14914
medium 2 1493 864
medium 1 51076 40150
work 2 9011 16058
run 2 44167 8924
work 0 46295 33868
edit 0 30180 16361
run 0 4724 2707
edit 2 34060 53243
medium 0 52720 36023
medium 0 19933 9409
work 0 30312 36415
run 0 51246 12877
edit 2 42665 27030
edit 0 59802 1524
edit 0 54036 22030

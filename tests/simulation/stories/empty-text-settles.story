# 5.4 a text of 0 bytes has to settle.
# Without that: a peer replaced what somebody was writing.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0
start 0 0 0
run 0 54986 682
medium 0 35604 51284
work 0 32205 42203
run 0 5976 53629
medium 0 47135 2603
foreign 0 37740 3452
news 0 48706 29102
medium 0 9142 21360
work 0 21937 37693
edit 0 12349 38018
run 0 61155 278
medium 0 23501 14040
work 0 16213 10061
run 0 28193 17115
medium 0 42521 6115

# 5.2.4 old news do not undo that something has to be looked at again.
# Without that: a peer is to replace something, and has heard that it is another one.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0 kind=3 kind2=0 news=2 stale=0 refuses=0 journal=0
start 2 1 0
run 1 25934 4537
medium 1 58383 29734
medium 0 14820 55557
work 1 59493 64623
run 1 43784 10607
medium 2 54826 16120
foreign 1 59667 29290
news 0 44294 16758
work 1 17332 25311
run 0 22111 34282
news 2 63013 10006
medium 2 51220 39518
work 1 37462 42107
run 0 45014 39011
time 2 19579 44517
edit 2 48777 54410

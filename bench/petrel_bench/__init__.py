"""What `bench/run` is made of: readings of the machine, the contestants, and the parts."""

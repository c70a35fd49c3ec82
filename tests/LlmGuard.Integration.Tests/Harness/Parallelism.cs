// Fixtures that say so run beside each other: most of their time they wait for sockets and processes, or count steps of their own thread. Those that
// measure memory, watch a clock or starve the thread pool do not.
[assembly: LevelOfParallelism(4)]

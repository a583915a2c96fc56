// The same mark as the program's own window sets once its first screen can be used.
requestAnimationFrame(() => performance.mark("usable"));

// [31mred[0m ]0;title ]8;;LISTENER\link]8;;\
let access = "user‮ ⁦// check⁩ ⁦"; ​﻿ 31m
// The end of it.

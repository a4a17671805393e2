/** How the kernel answers who asks for memory: only with `never` can `committedAs` reach a limit. @see proc_sys_vm(5) */
export type Overcommit = "heuristic" | "always" | "never";

/**
 * `void run(struct call *calls, long count)`: performs system calls in their order and stores what each came to.
 *
 * ```c
 * struct call { long number, argument[5], result; };   // 56 bytes
 * ```
 *
 * Position-independent, touches nothing but `calls` and the registers a function may use. A result is −errno on failure.
 * By Node's name of the architecture; both were run: x86-64 natively, arm64 under qemu-aarch64.
 */
export const machineCode: Readonly<Record<string, Uint8Array>> = {
  x64: Uint8Array.of(
    ...[0x53], //                         push rbx
    ...[0x41, 0x54], //                   push r12
    ...[0x48, 0x89, 0xfb], //             mov  rbx, rdi
    ...[0x49, 0x89, 0xf4], //             mov  r12, rsi
    ...[0x4d, 0x85, 0xe4], //          1: test r12, r12
    ...[0x74, 0x29], //                   jz   2f
    ...[0x48, 0x8b, 0x03], //             mov  rax, [rbx]
    ...[0x48, 0x8b, 0x7b, 0x08], //       mov  rdi, [rbx+8]
    ...[0x48, 0x8b, 0x73, 0x10], //       mov  rsi, [rbx+16]
    ...[0x48, 0x8b, 0x53, 0x18], //       mov  rdx, [rbx+24]
    ...[0x4c, 0x8b, 0x53, 0x20], //       mov  r10, [rbx+32]
    ...[0x4c, 0x8b, 0x43, 0x28], //       mov  r8,  [rbx+40]
    ...[0x45, 0x31, 0xc9], //             xor  r9d, r9d
    ...[0x0f, 0x05], //                   syscall
    ...[0x48, 0x89, 0x43, 0x30], //       mov  [rbx+48], rax
    ...[0x48, 0x83, 0xc3, 0x38], //       add  rbx, 56
    ...[0x49, 0xff, 0xcc], //             dec  r12
    ...[0xeb, 0xd2], //                   jmp  1b
    ...[0x41, 0x5c], //                2: pop  r12
    ...[0x5b], //                         pop  rbx
    ...[0xc3], //                         ret
  ),
  arm64: Uint8Array.of(
    ...[0xa1, 0x01, 0x00, 0xb4], //    1: cbz  x1, 2f
    ...[0x08, 0x00, 0x40, 0xf9], //       ldr  x8, [x0]
    ...[0xe9, 0x03, 0x00, 0xaa], //       mov  x9, x0
    ...[0xea, 0x03, 0x01, 0xaa], //       mov  x10, x1
    ...[0x20, 0x85, 0x40, 0xa9], //       ldp  x0, x1, [x9, #8]
    ...[0x22, 0x8d, 0x41, 0xa9], //       ldp  x2, x3, [x9, #24]
    ...[0x24, 0x15, 0x40, 0xf9], //       ldr  x4, [x9, #40]
    ...[0x05, 0x00, 0x80, 0xd2], //       mov  x5, #0
    ...[0x01, 0x00, 0x00, 0xd4], //       svc  #0
    ...[0x20, 0x19, 0x00, 0xf9], //       str  x0, [x9, #48]
    ...[0x20, 0xe1, 0x00, 0x91], //       add  x0, x9, #56
    ...[0x41, 0x05, 0x00, 0xd1], //       sub  x1, x10, #1
    ...[0xf4, 0xff, 0xff, 0x17], //       b    1b
    ...[0xc0, 0x03, 0x5f, 0xd6], //    2: ret
  ),
};

/**
 * `void *repeat(struct round *round)`: runs the calls of a round again and again, until its count is 0. The start of a thread.
 *
 * ```c
 * struct round { long count; struct call calls[]; };
 * ```
 *
 * To be followed at once by {@link machineCode}, which it calls. Other threads may change the calls while none of them is running.
 */
export const repeatCode: Readonly<Record<string, Uint8Array>> = {
  x64: Uint8Array.of(
    ...[0x53], //                         push rbx
    ...[0x48, 0x89, 0xfb], //             mov  rbx, rdi
    ...[0x48, 0x8b, 0x33], //          1: mov  rsi, [rbx]
    ...[0x48, 0x85, 0xf6], //             test rsi, rsi
    ...[0x74, 0x0b], //                   jz   2f
    ...[0x48, 0x8d, 0x7b, 0x08], //       lea  rdi, [rbx+8]
    ...[0xe8, 0x06, 0x00, 0x00, 0x00], // call run
    ...[0xeb, 0xed], //                   jmp  1b
    ...[0x5b], //                      2: pop  rbx
    ...[0x31, 0xc0], //                   xor  eax, eax
    ...[0xc3], //                         ret
  ),
  arm64: Uint8Array.of(
    ...[0xfd, 0x7b, 0xbe, 0xa9], //       stp  x29, x30, [sp, #-32]!
    ...[0xf3, 0x0b, 0x00, 0xf9], //       str  x19, [sp, #16]
    ...[0xf3, 0x03, 0x00, 0xaa], //       mov  x19, x0
    ...[0x61, 0x02, 0x40, 0xf9], //    1: ldr  x1, [x19]
    ...[0x81, 0x00, 0x00, 0xb4], //       cbz  x1, 2f
    ...[0x60, 0x22, 0x00, 0x91], //       add  x0, x19, #8
    ...[0x06, 0x00, 0x00, 0x94], //       bl   run
    ...[0xfc, 0xff, 0xff, 0x17], //       b    1b
    ...[0xf3, 0x0b, 0x40, 0xf9], //    2: ldr  x19, [sp, #16]
    ...[0x00, 0x00, 0x80, 0xd2], //       mov  x0, #0
    ...[0xfd, 0x7b, 0xc2, 0xa8], //       ldp  x29, x30, [sp], #32
    ...[0xc0, 0x03, 0x5f, 0xd6], //       ret
  ),
};

/**
 * `void keepVigil(struct vigil *vigil)`: makes its calls and its tests round after round, until a test fails or no round is left.
 *
 * ```c
 * struct vigil {                  // offset
 *   long rounds;                  //  0: that are left; what is kept is of the last one that passed
 *   struct timespec every, left;  //  8: for ppoll, which writes into what it is given
 *   char *fresh, *kept;           // 40: what the calls read, and where it goes when all tests have passed
 *   long size;                    // 56: of both, a multiple of 8
 *   long testCount;               // 64
 *   struct test *tests;           // 72
 *   long callCount;               // 80
 *   struct call calls[];          // 88
 * };
 * struct test { char *least, *most; long size; };  // passes unless least comes after most, byte by byte; size > 0
 * ```
 *
 * To be followed at once by {@link machineCode}, which it calls.
 */
export const vigilCode: Readonly<Record<string, Uint8Array>> = {
  x64: Uint8Array.of(
    ...[0x53], //                            push rbx
    ...[0x48, 0x89, 0xfb], //                mov  rbx, rdi
    ...[0x48, 0x8b, 0x43, 0x08], //       1: mov  rax, [rbx+8]
    ...[0x48, 0x89, 0x43, 0x18], //          mov  [rbx+24], rax
    ...[0x48, 0x8b, 0x43, 0x10], //          mov  rax, [rbx+16]
    ...[0x48, 0x89, 0x43, 0x20], //          mov  [rbx+32], rax
    ...[0x48, 0x8d, 0x7b, 0x58], //          lea  rdi, [rbx+88]
    ...[0x48, 0x8b, 0x73, 0x50], //          mov  rsi, [rbx+80]
    ...[0xe8, 0x3a, 0x00, 0x00, 0x00], //    call run
    ...[0x4c, 0x8b, 0x43, 0x40], //          mov  r8, [rbx+64]
    ...[0x48, 0x8b, 0x53, 0x48], //          mov  rdx, [rbx+72]
    ...[0x4d, 0x85, 0xc0], //             2: test r8, r8
    ...[0x74, 0x18], //                      jz   3f
    ...[0x48, 0x8b, 0x32], //                mov  rsi, [rdx]
    ...[0x48, 0x8b, 0x7a, 0x08], //          mov  rdi, [rdx+8]
    ...[0x48, 0x8b, 0x4a, 0x10], //          mov  rcx, [rdx+16]
    ...[0xf3, 0xa6], //                      repe cmpsb
    ...[0x77, 0x1c], //                      ja   4f
    ...[0x48, 0x83, 0xc2, 0x18], //          add  rdx, 24
    ...[0x49, 0xff, 0xc8], //                dec  r8
    ...[0xeb, 0xe3], //                      jmp  2b
    ...[0x48, 0x8b, 0x73, 0x28], //       3: mov  rsi, [rbx+40]
    ...[0x48, 0x8b, 0x7b, 0x30], //          mov  rdi, [rbx+48]
    ...[0x48, 0x8b, 0x4b, 0x38], //          mov  rcx, [rbx+56]
    ...[0xf3, 0xa4], //                      rep movsb
    ...[0x48, 0xff, 0x0b], //                dec  qword ptr [rbx]
    ...[0x75, 0xab], //                      jnz  1b
    ...[0x5b], //                         4: pop  rbx
    ...[0xc3], //                            ret
  ),
  arm64: Uint8Array.of(
    ...[0xfd, 0x7b, 0xbe, 0xa9], //    stp  x29, x30, [sp, #-32]!
    ...[0xf3, 0x0b, 0x00, 0xf9], //    str  x19, [sp, #16]
    ...[0xf3, 0x03, 0x00, 0xaa], //    mov  x19, x0
    ...[0x68, 0xa6, 0x40, 0xa9], // 1: ldp  x8, x9, [x19, #8]
    ...[0x68, 0xa6, 0x01, 0xa9], //    stp  x8, x9, [x19, #24]
    ...[0x60, 0x62, 0x01, 0x91], //    add  x0, x19, #88
    ...[0x61, 0x2a, 0x40, 0xf9], //    ldr  x1, [x19, #80]
    ...[0x1b, 0x00, 0x00, 0x94], //    bl   run
    ...[0x69, 0x22, 0x44, 0xa9], //    ldp  x9, x8, [x19, #64]
    ...[0x89, 0x01, 0x00, 0xb4], // 2: cbz  x9, 5f
    ...[0x0a, 0x2d, 0xc1, 0xa8], //    ldp  x10, x11, [x8], #16
    ...[0x0c, 0x85, 0x40, 0xf8], //    ldr  x12, [x8], #8
    ...[0x4d, 0x15, 0x40, 0x38], // 3: ldrb w13, [x10], #1
    ...[0x6e, 0x15, 0x40, 0x38], //    ldrb w14, [x11], #1
    ...[0xbf, 0x01, 0x0e, 0x6b], //    cmp  w13, w14
    ...[0x08, 0x02, 0x00, 0x54], //    b.hi 7f
    ...[0x63, 0x00, 0x00, 0x54], //    b.lo 4f
    ...[0x8c, 0x05, 0x00, 0xf1], //    subs x12, x12, #1
    ...[0x41, 0xff, 0xff, 0x54], //    b.ne 3b
    ...[0x29, 0x05, 0x00, 0xd1], // 4: sub  x9, x9, #1
    ...[0xf5, 0xff, 0xff, 0x17], //    b    2b
    ...[0x6a, 0xae, 0x42, 0xa9], // 5: ldp  x10, x11, [x19, #40]
    ...[0x6c, 0x1e, 0x40, 0xf9], //    ldr  x12, [x19, #56]
    ...[0x4d, 0x85, 0x40, 0xf8], // 6: ldr  x13, [x10], #8
    ...[0x6d, 0x85, 0x00, 0xf8], //    str  x13, [x11], #8
    ...[0x8c, 0x21, 0x00, 0xf1], //    subs x12, x12, #8
    ...[0xa1, 0xff, 0xff, 0x54], //    b.ne 6b
    ...[0x68, 0x02, 0x40, 0xf9], //    ldr  x8, [x19]
    ...[0x08, 0x05, 0x00, 0xf1], //    subs x8, x8, #1
    ...[0x68, 0x02, 0x00, 0xf9], //    str  x8, [x19]
    ...[0xa1, 0xfc, 0xff, 0x54], //    b.ne 1b
    ...[0xf3, 0x0b, 0x40, 0xf9], // 7: ldr  x19, [sp, #16]
    ...[0xfd, 0x7b, 0xc2, 0xa8], //    ldp  x29, x30, [sp], #32
    ...[0xc0, 0x03, 0x5f, 0xd6], //    ret
  ),
};

/**
 * `int madvise(void *start, size_t size, int advice)`, which asks for MADV_DONTNEED_LOCKED (24) where MADV_DONTNEED (4) is asked for,
 * and leaves the rest to the function whose address, 8 bytes, is to follow at once.
 */
export const discardLockedCode: Readonly<Record<string, Uint8Array>> = {
  x64: Uint8Array.of(
    ...[0x83, 0xfa, 0x04], //                         cmp edx, 4
    ...[0x75, 0x05], //                               jne 1f
    ...[0xba, 0x18, 0x00, 0x00, 0x00], //             mov edx, 24
    ...[0xff, 0x25, 0x00, 0x00, 0x00, 0x00], //    1: jmp [rip]
  ),
  arm64: Uint8Array.of(
    ...[0x5f, 0x10, 0x00, 0x71], //    cmp  w2, #4
    ...[0x41, 0x00, 0x00, 0x54], //    b.ne 1f
    ...[0x02, 0x03, 0x80, 0x52], //    mov  w2, #24
    ...[0x70, 0x00, 0x00, 0x58], // 1: ldr  x16, 2f
    ...[0x00, 0x02, 0x1f, 0xd6], //    br   x16
    ...[0x1f, 0x20, 0x03, 0xd5], //    nop
    //                              2:
  ),
};

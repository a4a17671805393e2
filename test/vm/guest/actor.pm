# What one process of a story does. Only perl-base is needed: what it lacks is called by the numbers x86-64 has for it.
package actor;
use strict;
use warnings;
use POSIX qw(:sys_wait_h);

use constant { CLOCK_GETTIME => 228, CLOCK_MONOTONIC => 1, MMAP => 9, MUNMAP => 11, PREAD => 17 };
use constant { READ_WRITE => 3, PRIVATE_ANONYMOUS => 0x22, CHUNK_KIB => 256, TICK => 0.005, PAGE_KIB => 4 };
use constant { READ_ONLY => 1, SHARED => 1 };
# Programs are gone through in steps that the kernel does not foresee, so that it reads what surrounds each fault, and no more.
use constant { BLOCK_KIB => 64, STRIDE_KIB => 37 * 64 };
# What a wake goes through of its own memory and of its program, as on the simulated machine.
use constant WAKE_KIB => 4096;

sub now {    # ms since boot
    my $time = "\0" x 16;
    syscall(CLOCK_GETTIME, CLOCK_MONOTONIC, $time);
    my ($s, $ns) = unpack 'qq', $time;
    return $s * 1000 + $ns / 1e6;
}
sub nap { select undef, undef, undef, $_[0] }

our $record;
sub note { syswrite $record, sprintf("%.1f\t%s\n", now(), join "\t", @_) }
sub spit { my ($path, $text) = @_; open my $f, '>', $path or return note('trouble', "$path: $!"); print $f $text }
sub open_to { my ($mode, $path) = @_; open my $f, "$mode:unix", $path or note('trouble', "$path: $!"); return $f }

# What memory is filled with: half of it as good as random. Pages of zeros would never be swapped out.
our $pattern;
sub make_pattern {
    open my $random, '<:raw', '/dev/urandom' or die "/dev/urandom: $!";
    open my $made, '>:unix', '/run/pattern' or die "/run/pattern: $!";
    for (1 .. CHUNK_KIB / PAGE_KIB) {
        read $random, my $half, PAGE_KIB * 512;
        syswrite $made, $half . "\1" x (PAGE_KIB * 512);
    }
    $pattern = open_to('<', '/run/pattern');
}

my @held;    # addresses of chunks of anonymous memory, every page of which was written
# Perl cannot write to an address; the kernel can.
sub touch { my ($chunk, $bytes) = @_; syscall(PREAD, fileno $pattern, $chunk, $bytes, 0) }
sub grow {
    for (1 .. int($_[0] / CHUNK_KIB)) {
        my $chunk = syscall(MMAP, 0, CHUNK_KIB * 1024, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
        return note('refused', $0, $$) if $chunk == -1;
        touch($chunk, CHUNK_KIB * 1024);
        push @held, $chunk;
    }
}
sub shrink { syscall(MUNMAP, pop @held, CHUNK_KIB * 1024) for 1 .. int($_[0] / CHUNK_KIB) }

# Grows by so much, no faster than that; `turn` is what else the process has to do meanwhile.
sub ramp {
    my ($kib, $per_second, $turn) = @_;
    my ($from, $grown) = (now(), 0);
    while ($grown < $kib) {
        my $due = (now() - $from) / 1000 * $per_second;
        $due = $kib if $due > $kib;
        my $step = int(($due - $grown) / CHUNK_KIB) * CHUNK_KIB;
        $step = 8192 if $step > 8192;
        if ($step > 0) { grow($step); $grown += $step }
        elsif ($due >= $kib) { return }
        else { $turn->(); nap(TICK) }
    }
}
sub hold { my ($for, $turn) = @_; my $until = now() + $for; while (now() < $until) { $turn->(); nap(TICK) } }

my %phases = (
    steady => sub { my ($turn, $for) = @_; hold($for, $turn) },
    ramp => sub { my ($turn, $by, $rate) = @_; ramp($by, $rate, $turn) },
    leak => sub { my ($turn, $rate) = @_; ramp(9e15, $rate, $turn) },
    spike => sub { my ($turn, $by, $rate, $for) = @_; ramp($by, $rate, $turn); hold($for, $turn); shrink($by) },
);

# Something that is done bit by bit, so much in a second.
sub paced {
    my ($per_second, $unit, $do) = @_;
    my ($from, $done) = (now(), 0);
    return sub {
        my $due = int((now() - $from) / 1000 * $per_second / $unit) - $done;
        $due = 64 if $due > 64;
        for (1 .. $due) { $do->(); $done++ }
    };
}

# Goes through the next block of a part of the data file, which is mapped, as programs are: what is refaulted through page tables
# is what the kernel counts as a stall. @see v6.12 mm/workingset.c: lru_gen_refault
sub strider {
    my ($offset, $size) = @_;
    my $data = open_to('<', '/data/file') or return;
    my $base = syscall(MMAP, 0, $size * 1024, READ_ONLY, SHARED, fileno $data, $offset * 1024);
    note('trouble', "mmap of /data/file: $!") if $base == -1;
    my ($at, $seen) = (0);
    return sub {
        $seen = unpack 'P1', pack 'Q', $base + ($at + $_ * PAGE_KIB) * 1024 for 0 .. BLOCK_KIB / PAGE_KIB - 1;
        $at = ($at + STRIDE_KIB) % $size;
    };
}

sub worker {    # goes through `size` of the data file
    my ($size, $per_second, $offset) = @_;
    return paced($per_second, BLOCK_KIB, strider($offset, $size));
}

sub reader {    # reads the data file from its beginning to its end, and again
    my ($per_second) = @_;
    my $data = open_to('<', '/data/file') or return;
    my $buffer = '';
    return paced($per_second, 64, sub { sysread $data, $buffer, 65536 or sysseek $data, 0, 0 });
}

sub writer {    # writes a file, until it is full
    my ($folder, $size, $per_second) = @_;
    my $file = open_to('>', "$folder/written.$$") or return;
    my ($written, $block) = (0, "\4" x 65536);
    return paced($per_second, 64, sub {
        return if $size && $written >= $size;
        $written += 64 if syswrite $file, $block;
    });
}

sub toucher {    # writes to the part of its own memory that is in use, round and round
    my ($per_second, $hot) = @_;
    my $at = 0;
    return paced($per_second, CHUNK_KIB, sub {
        return unless @held;
        my $chunks = $hot ? int($hot / CHUNK_KIB) || 1 : @held;
        $chunks = @held if $chunks > @held;
        touch($held[$at++ % $chunks], CHUNK_KIB * 1024);
    });
}

# Somebody sits before it: it wakes every 100 ms, goes through its text and its memory, and tells how late it was done.
our $woken;
sub interactive {
    my ($name, $text, $offset) = @_;
    my ($due, $chunk, $step) = (now() + 100, 0, $text ? strider($offset, $text) : undef);
    my $chunks = WAKE_KIB / CHUNK_KIB;
    return sub {
        return if now() < $due;
        for (1 .. ($step ? WAKE_KIB / BLOCK_KIB : 0)) { $step->() }
        for (1 .. (@held < $chunks ? @held : $chunks)) { touch($held[$chunk++ % @held], CHUNK_KIB * 1024) }
        my $late = now() - $due;
        note('woke', $name, $$, sprintf '%.1f', $late);
        syswrite $woken, pack 'lf', $$, $late;
        $due = now() + 100;
    };
}

sub spawner {    # starts children like `child`, so many a second, and tells how they end
    my ($p) = @_;
    my %child = (%$p, anon => $p->{child_anon}, phases => $p->{child_phases}, lasts => $p->{child_lasts});
    delete @child{qw(children interactive start stops reads tmpfs_rate disk_rate files text)};
    $child{name} = $p->{child_name} // $p->{name};
    @child{qw(children count)} = @$p{qw(children count)} if $p->{child_spawns};
    my ($started, %alive) = (0);
    my $spawn = paced($p->{children}, 1, sub {
        return if $p->{count} && $started >= $p->{count} or $p->{at_once} && keys %alive >= $p->{at_once};
        $started++;
        my $pid = fork // return;
        if ($pid == 0) { @held = (); play({ %child, is_child => 1 }) }
        $alive{$pid} = 1;
        note('started', $child{name}, $pid);
    });
    return sub {
        while ((my $pid = waitpid -1, WNOHANG) > 0) {
            delete $alive{$pid};
            note('ended', $child{name}, $pid, WTERMSIG($?)) if WIFSIGNALED($?);
        }
        $spawn->();
    };
}

# Says that it has the memory it begins with, and waits until everybody has.
our ($ready, $zero);
sub await_zero { syswrite $ready, '.'; sysread $zero, my $nothing, 1; close $_ for $ready, $zero }

sub play {
    my ($p) = @_;
    $0 = $p->{name};
    $SIG{TERM} = 'IGNORE' if $p->{ignores_sigterm};
    unless ($p->{is_child}) {    # which has them from its parent
        spit("/proc/$$/oom_score_adj", $p->{adj} // 0);
        spit("/sys/fs/cgroup$p->{cgroup}/cgroup.procs", $$);
        if ($p->{uid}) { POSIX::setgid($p->{uid}); POSIX::setuid($p->{uid}) }
    }
    ramp($p->{anon}, 4 * 1024 * 1024, sub { }) if $p->{anon};
    await_zero() unless $p->{is_child};
    my @work;
    push @work, worker($p->{files}, $p->{files_rate}, $p->{offset}) if $p->{files};
    push @work, reader($p->{reads}) if $p->{reads};
    push @work, writer('/tmp', $p->{tmpfs}, $p->{tmpfs_rate}) if $p->{tmpfs_rate};
    push @work, writer('/data', $p->{disk}, $p->{disk_rate}) if $p->{disk_rate};
    push @work, toucher($p->{touches}, $p->{hot}) if $p->{touches};
    push @work, interactive($p->{name}, $p->{text} || 0, $p->{offset}) if $p->{interactive};
    push @work, spawner($p) if $p->{children};
    my $turn = sub { $_->() for @work };
    for (split /,/, $p->{phases} || '') {
        my ($kind, @numbers) = split /:/;
        $phases{$kind}->($turn, @numbers);
    }
    my $until = $p->{lasts} ? now() + $p->{lasts} : $p->{ends} ? now() + $p->{ends} - $p->{start} : 9e15;
    while (now() < $until) { $turn->(); nap(@work ? TICK : $until < 9e15 ? 0.1 : 1000) }
    POSIX::_exit(0);
}

1;

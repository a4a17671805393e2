#!/usr/bin/perl
# Plays the processes of a story inside a guest, and writes down what becomes of them, of the memory, and of who watches over it.
# Usage: stage.pl CAST DURATION_MS RECORD GUARD VICTIM
# GUARD: the pid of who watches, or nothing. VICTIM: the story ends early, once a process of this name was killed and nobody who
# sits before the machine waits any more.
# CAST: one process a line, key=value separated by tabs; sizes in KiB, times in ms. RECORD: where lines of the record go.
use strict;
use warnings;
use POSIX qw(:sys_wait_h :signal_h);
use actor;

BEGIN { no strict 'refs'; *$_ = \&{"actor::$_"} for qw(now nap note spit open_to) }
use constant { MLOCKALL => 151, MCL_CURRENT_AND_FUTURE => 3, PRCTL => 157, PR_SET_CHILD_SUBREAPER => 36 };
use constant { SAMPLE => 50, GUARD_SAMPLE => 500, AFTERMATH => 2000 };
# Of those who sit before the machine: from here on they are late, as in test/vm/record.ts; nobody was for so long; one wakes so often.
use constant { LATE => 50, CALM => 1500, HEARD => 300 };

my ($cast_file, $duration, $record_file, $guard, $victim) = @ARGV;
open $actor::record, '>', $record_file or die "cannot write $record_file: $!";
open my $cast, '<', $cast_file or die "cannot read $cast_file: $!";
my @cast;
while (<$cast>) { chomp; push @cast, { map { split /=/, $_, 2 } split /\t/ } if length }

# It must see the worst, and outlive it.
syscall(MLOCKALL, MCL_CURRENT_AND_FUTURE) == 0 or note('trouble', "mlockall: $!");
syscall(PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
spit("/proc/$$/oom_score_adj", -1000);
POSIX::nice(-20);
$0 = 'stage';
actor::make_pattern();

# Each actor says a byte when it is ready, and all begin when nobody can say anything any more at the other end.
pipe my $readies, $actor::ready or die "pipe: $!";
pipe $actor::zero, my $nobody_begins or die "pipe: $!";
# Whoever sits before the machine says how late it was at each wake.
pipe my $wakes, $actor::woken or die "pipe: $!";
$wakes->blocking(0);

my (%names, @stops);
my $killed;              # when the victim was
my (%heard, %waited);    # when those who sit before the machine were heard of, and were late, last
sub start {
    my ($p) = @_;
    for (1 .. $p->{copies} || 1) {
        my $pid = fork;
        if (!defined $pid) { note('trouble', "fork: $!"); next }
        if ($pid == 0) { close $nobody_begins if $nobody_begins; POSIX::nice(20); actor::play($p) }
        $names{$pid} = $p->{name};
        note('started', $p->{name}, $pid);
        push @stops, [now() + $p->{stops}, $pid] if $p->{stops};
        $heard{$pid} = now() if $p->{interactive};
        nap(0.002);
    }
}

my @files = map { open_to('<', $_) } '/proc/meminfo', '/proc/vmstat';
my @psi = map { -e "/proc/pressure/$_" ? open_to('<', "/proc/pressure/$_") : undef } 'memory', 'io';
my @guard_files = $guard ? map { open_to('<', "/proc/$guard/$_") } 'status', 'stat' : ();
sub content { my ($f) = @_; return '' unless $f; my $text = ''; sysseek $f, 0, 0; sysread $f, $text, 65536; return $text }

sub sample_memory {
    my ($meminfo, $vmstat, $pressure, $io) = map { content($_) } @files, @psi;
    my %m = $meminfo =~ /^([\w()]+): +(\d+)/mg;
    my ($kills) = $vmstat =~ /^oom_kill (\d+)$/m;
    my ($some, $full) = $pressure =~ /total=(\d+)/g;
    my ($io_some, $io_full) = $io =~ /total=(\d+)/g;
    my %v = $vmstat =~ /^(\w+) (\d+)$/mg;
    # Refaults of files, and those among them that the kernel takes for thrashing; refaults of anonymous memory.
    my @refaults = map { $v{"workingset_$_"} } 'refault_file', 'restore_file', 'refault_anon';
    my $file_lru = $m{'Active(file)'} + $m{'Inactive(file)'};
    # What is swapped in and out, reclaimed, and waited for by page faults.
    my @exchange = (@v{qw(pswpin pswpout)}, $v{pgsteal_kswapd} + $v{pgsteal_direct}, $v{pgmajfault});
    note('memory', map { $_ // '-' } @m{qw(MemAvailable SwapFree AnonPages MemFree)}, $kills, $some, $full, $io_full,
        @refaults, $file_lru, $io_some, @exchange);
}

sub sample_guard {
    my ($status, $stat) = map { content($_) } @guard_files;
    my %s = $status =~ /^(\w+):\s+(\d+) kB/mg;
    if (!defined $s{VmRSS}) { note('trouble', 'who watched is gone'); @guard_files = (); return }
    # proc(5), after the name: majflt is the 10th field, utime and stime are the 12th and 13th
    my @fields = split ' ', $stat =~ s/^.*\) //sr;
    note('guard', @s{qw(VmRSS VmLck VmSwap)}, $fields[9], ($fields[11] + $fields[12]) * 10);
}

sub reap {
    while ((my $pid = waitpid -1, WNOHANG) > 0) {
        my ($name, $signal) = ($names{$pid} // '?', WIFSIGNALED($?) ? WTERMSIG($?) : 0);
        note('ended', $name, $pid, $signal);
        $killed = now() if $signal && $name eq $victim;
        delete $heard{$pid};
    }
}

sub listen_to_wakes {
    while (sysread $wakes, my $wake, 8) {
        my ($pid, $late) = unpack 'lf', $wake;
        $heard{$pid} = now() if $heard{$pid};
        $waited{$pid} = now() if $late > LATE;
    }
}

# Nothing more is waited for.
sub is_over {
    return $killed && now() - $killed >= AFTERMATH
        && !grep { now() - $heard{$_} > HEARD || now() - ($waited{$_} // 0) < CALM } keys %heard;
}

# A story begins when those who are there from the beginning have their memory.
sub settle {
    my $waited_for = keys %names;
    while ($waited_for > 0) {
        vec(my $wanted = '', fileno $readies, 1) = 1;
        last unless select $wanted, undef, undef, 60;
        $waited_for -= sysread $readies, my $bytes, 4096;
    }
    note('trouble', "$waited_for never had their memory") if $waited_for;
    nap(0.2);
    close $nobody_begins;
    undef $nobody_begins;
}

start($_) for grep { $_->{start} == 0 } @cast;
my @later = sort { $a->{start} <=> $b->{start} } grep { $_->{start} > 0 } @cast;
settle();
my $zero = now();
my ($sampled, $guard_sampled) = (0, 0);
note('zero', content($files[0]) =~ /^MemTotal: +(\d+)/);
while (now() - $zero < $duration && !is_over()) {
    start(shift @later) while @later && now() - $zero >= $later[0]{start};
    reap();
    listen_to_wakes();
    @stops = sort { $a->[0] <=> $b->[0] } @stops;
    kill 'STOP', (shift @stops)->[1] while @stops && now() >= $stops[0][0];
    if (now() - $sampled >= SAMPLE) { sample_memory(); $sampled = now() }
    if (@guard_files && now() - $guard_sampled >= GUARD_SAMPLE) { sample_guard(); $guard_sampled = now() }
    nap(0.01);
}
note('end');

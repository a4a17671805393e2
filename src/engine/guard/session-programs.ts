import type { SessionRole } from "#domain/guard.ts";

/** What sessions are made of, by the file names of the programs: as distributions install them. */
const programs: readonly (readonly [role: SessionRole, names: string])[] = [
  [
    "compositor",
    `
    gnome-shell mutter kwin_wayland kwin_wayland_wrapper kwin_x11 deepin-kwin_x11 deepin-kwin_wayland cinnamon muffin
    gala budgie-wm magpie-wm xfwm4 marco metacity compiz enlightenment phoc phosh cosmic-comp gamescope gamescope-wl
    sway Hyprland hyprland niri river labwc wayfire weston cage hikari dwl jay mango miriway
    i3 openbox awesome bspwm fluxbox blackbox icewm dwm xmonad herbstluftwm leftwm spectrwm jwm cwm fvwm fvwm2 fvwm3
    ctwm twm wmaker ratpoison stumpwm sawfish pekwm e16 matchbox-window-manager`,
  ],
  ["display-server", "Xorg X Xwayland xwayland-satellite Xvnc Xtigervnc Xtightvnc xrdp xrdp-sesman xrdp-sesexec"],
  [
    "display-manager",
    `
    gdm gdm3 gdm-session-worker gdm-wayland-session gdm-x-session sddm sddm-helper sddm-helper-start-wayland
    sddm-helper-start-x11user lightdm greetd ly ly-dm xdm slim lxdm lxdm-binary lxdm-session wdm nodm lemurs emptty
    plasmalogin plasmalogin-helper xinit`,
  ],
  ["login", "login agetty getty mingetty"],
  ["ssh", "sshd sshd-session sshd-auth dropbear mosh-server"],
  [
    "session-manager",
    `
    gnome-session gnome-session-binary gnome-session-service gnome-session-init-worker gnome-session-ctl mate-session
    xfce4-session lxqt-session lxsession cinnamon-session cinnamon-session-binary cosmic-session ksmserver plasma_session
    startplasma-wayland startplasma-x11 dde-session start-hyprland`,
  ],
  ["desktop-shell", "plasmashell"],
  [
    "service-manager",
    `
    systemd systemd-executor systemd-journald systemd-udevd systemd-userdbd systemd-userwork systemd-homed
    systemd-networkd systemd-resolved systemd-timesyncd systemd-oomd systemd-machined
    dinit runsvdir runsv s6-svscan s6-supervise supervise-daemon`,
  ],
  ["session-service", "systemd-logind elogind elogind-daemon seatd polkitd"],
  ["message-bus", "dbus-daemon dbus-broker dbus-broker-launch"],
  [
    "sound-server",
    "pipewire pipewire-pulse pipewire-media-session pipewire-avb wireplumber pulseaudio jackd jackdbus sndiod",
  ],
  [
    "screen-locker",
    `
    swaylock hyprlock gtklock waylock i3lock xsecurelock slock xlock physlock vlock kscreenlocker_greet light-locker
    xfce4-screensaver mate-screensaver gnome-screensaver xscreensaver xscreensaver-auth xscreensaver-gfx xscreensaver-systemd`,
  ],
  [
    "terminal",
    `
    gnome-terminal-server ptyxis ptyxis-agent kgx gnome-console konsole yakuake xfce4-terminal mate-terminal lxterminal
    qterminal deepin-terminal io.elementary.terminal cosmic-term tilix xterm uxterm urxvt urxvtd rxvt st stterm mlterm
    alacritty kitty foot wezterm wezterm-gui ghostty rio contour warp-terminal terminology cool-retro-term sakura kmscon`,
  ],
  ["multiplexer", "tmux screen zellij dtach abduco dvtm shpool wezterm-mux-server"],
  ["shell", "bash zsh fish sh dash ash busybox ksh ksh93 mksh oksh loksh tcsh csh nu elvish osh ysh pwsh"],
];

const roles: ReadonlyMap<string, SessionRole> = new Map(
  programs.flatMap(([role, names]) => [...names.matchAll(/\S+/g)].map(([name]) => [name, role])),
);

/** NixOS puts a script in the place of a program, and hides the program beside it: `.sway-wrapped`. */
const wrapped = /^\.(.+)-wrapped_*$/;

/** What a program is to a session, by its name alone; undefined: nothing. */
export function roleOfProgram(exe: string): SessionRole | undefined {
  const name = exe.slice(exe.lastIndexOf("/") + 1);
  return roles.get(wrapped.exec(name)?.[1] ?? name);
}

const installed = ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/opt/", "/nix/store/", "/gnu/store/", "/snap/"];

/** Whether a program is where only root can put it: elsewhere a name is anybody's to choose. */
export const isInstalled = (exe: string): boolean => installed.some((folder) => exe.startsWith(folder));

import { type Recipe, system } from "./recipe.ts";

/** A page that holds so many MiB. */
const page = (mib: number): string =>
  encodeURIComponent(`data:text/html,<script>held=new Uint8Array(${mib}<<20).fill(1)</script>`);

const sizes = [30, 60, 40, 600];

/** Chromium without a screen; without its sandbox, which root cannot have. */
export const browser: Recipe = {
  name: "recorded-browser",
  packages: ["chromium"],
  head: `title: Chromium with four pages, one of which holds a lot
ram: 2G
swap: 0M
first: chromium
holds: 600M
because: the page that asked for 600 MiB; the browser, which holds the profile and every window, and the other pages are innocent
user: /user.slice/user-1000.slice/user@1000.service`,
  tree: `${system}
  systemd 12M /usr/lib/systemd/systemd uid=1000 @user/init.scope adj=100
    (sd-pam) 4M /usr/lib/systemd/systemd
    pipewire 15M adj=200 @user/session.slice/pipewire.service
    gnome-shell 450M adj=200 @user/session.slice/org.gnome.Shell@wayland.service
    {chromium} adj=200 @user/app.slice/app-gnome-chromium-2412.scope`,
  programs: {
    chromium: {
      script: `chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-sync \\
  --disable-background-networking --disable-component-update --user-data-dir="$HOME/profile" --remote-debugging-port=0 &
until [ -s profile/DevToolsActivePort ]; do sleep 0.2; done
for url in ${sizes.map((mib) => `'${page(mib)}'`).join(" ")}; do
  curl --silent --request PUT "http://127.0.0.1:$(head -n 1 profile/DevToolsActivePort)/json/new?$url" > page.json
  sleep 1
done`,
      wanted: { name: "chromium", holds: "600M", count: 1 },
      scaffold: ["sh", "sleep", "curl"],
    },
  },
};

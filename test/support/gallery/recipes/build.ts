import { type Recipe, system } from "./recipe.ts";

/** A program that takes a compiler some hundred MiB, and time. */
const demanding = `#include <map>
#include <regex>
#include <string>
template <int n> struct deep { std::map<std::string, deep<n - 1>> below; std::regex pattern{"a*b"}; };
template <> struct deep<0> {};
int main() { deep<400> all; return all.below.size(); }
`;

/** A compiler four times, in a tmux. */
export const build: Recipe = {
  name: "recorded-build",
  packages: ["make", "g++-[0-9]*", "tmux", "vim"],
  head: `title: make -j4 in a tmux that nobody is attached to, an editor in its other window
ram: 1G
swap: 0M
first: cc1plus
holds: 150M
because: four compilers hold nearly all there is; make says which file failed, and tmux, both shells and the editor with its text live
scope: /user.slice/user-1000.slice/session-3.scope
user: /user.slice/user-1000.slice/user@1000.service`,
  tree: `${system}
  {tmux} uid=1000 @scope
  systemd 12M /usr/lib/systemd/systemd uid=1000 @user/init.scope adj=100
    (sd-pam) 4M /usr/lib/systemd/systemd`,
  programs: {
    tmux: {
      script: `cat > demanding.cpp <<'END'
${demanding}END
cat > Makefile <<'END'
all: $(addsuffix .o,1 2 3 4 5 6 7 8)
%.o:
	g++ -O2 -ftemplate-depth=1000 -c demanding.cpp -o $@
END
export SHELL=/bin/bash
tmux -S "$HOME/socket" -f /dev/null new-session -d -x 120 -y 40
tmux -S "$HOME/socket" new-window
tmux -S "$HOME/socket" send-keys -t :1 'vi Makefile' Enter
tmux -S "$HOME/socket" send-keys -t :0 'make -j4' Enter`,
      wanted: { name: "cc1plus", holds: "150M", count: 4 },
      scaffold: ["sh", "tmux: client"],
    },
  },
};

#!/usr/bin/env bash
# boot.sh ROOT SHARED: becomes systemd as process 1 of the Debian in ROOT, with SHARED at /mnt. Runs in namespaces of its
# own (see debian-host.ts); the network is this machine's.
set -euo pipefail
root=$1 shared=$2

mount --make-rprivate /
mount --bind "$root" "$root"
mount --rbind "$shared" "$root/mnt"
mount -t proc proc "$root/proc"
# what the kernel is set to is not this Debian's business
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,ro,bind "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${number%:*}" "$root/dev/${number#*:}"; done

hostname plain-host
cd "$root"
mkdir -p old-root
pivot_root . old-root
umount -l old-root
# `container` tells systemd that hardware, kernel and clock are somebody else's
exec env -i container=private PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --show-status=no </dev/null

# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tree of each boot loader, as small as what ferry looks at: what it holds, what each file must become, the
tools with their arguments, and the loader's name. The forms are those of the distributions' own installers."""

WORD = "intel_iommu=on"
INTEL = {"proc/cpuinfo": "processor\t: 0\nvendor_id\t: GenuineIntel\n",
         "boot/config-6.6": "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n"}
GRUB_D = "etc/default/grub.d/"
CMDLINE = "etc/kernel/cmdline"
BLS = "boot/loader/entries/"


def D(words):
    return f'GRUB_CMDLINE_LINUX_DEFAULT="{words}"\n'


def L(words):
    return f'GRUB_CMDLINE_LINUX="{words}"\n'


def ENTRY(options, version="6.6", extra=""):
    return f"title Linux ({version})\nversion {version}\n{extra}linux /vmlinuz-{version}\ninitrd /initrd-{version}\noptions {options}\n"


def os_release(*words):
    return "".join(f"{key}={value}\n" for key, value in zip(("ID", "ID_LIKE", "VERSION_ID"), words))


def menu(words):
    return f"menuentry 'Linux' {{\n\tlinux /boot/vmlinuz-6.6 root=UUID=00000000-0000-0000-0000-000000000001 ro {words}\n}}\n"


def block(text):
    text = "# GRUB Environment Block\n" + text
    return text + "#" * (1024 - len(text))


def grub(program, path):
    return [[program, "-o", path + ".ferry-new"]]


TREES = {
    "Debian": (
        INTEL | {"etc/os-release": os_release("debian"), "etc/default/grub": D("quiet") + L(""),
                 "boot/grub/grub.cfg": menu("quiet"), "usr/sbin/update-grub": ""},
        {"etc/default/grub": D("quiet " + WORD) + L("")},
        grub("update-grub", "/boot/grub/grub.cfg"), "grub"),
    "Ubuntu's cloud image": (
        INTEL | {"etc/os-release": os_release("ubuntu", "debian"), "etc/default/grub": D("quiet splash") + L(""),
                 GRUB_D + "50-cloudimg-settings.cfg": D("console=tty1 console=ttyS0") + "GRUB_TIMEOUT=0\n",
                 GRUB_D + "60-no": D("not read"), "boot/grub/grub.cfg": menu("console=tty1"),
                 "proc/cmdline": "BOOT_IMAGE=/boot/vmlinuz-6.6 root=UUID=1 ro console=tty1 console=ttyS0\n"},
        {GRUB_D + "50-cloudimg-settings.cfg": D("console=tty1 console=ttyS0 " + WORD) + "GRUB_TIMEOUT=0\n"},
        grub("update-grub", "/boot/grub/grub.cfg"), "grub"),
    "Arch with GRUB": (
        INTEL | {"etc/os-release": os_release("arch"), "etc/default/grub": D("loglevel=3 quiet") + L(""),
                 GRUB_D + "x.cfg": D("not read"), "boot/grub/grub.cfg": menu("loglevel=3"), "usr/bin/grub-mkconfig": ""},
        {"etc/default/grub": D("loglevel=3 quiet " + WORD) + L("")},
        grub("grub-mkconfig", "/boot/grub/grub.cfg"), "grub"),
    "openSUSE": (
        INTEL | {"etc/os-release": os_release("opensuse-leap", '"suse opensuse"', '"15.6"'),
                 "etc/default/grub": D("splash=silent quiet") + L(""), "boot/grub2/grub.cfg": menu("splash=silent")},
        {"etc/default/grub": D("splash=silent quiet " + WORD) + L("")},
        grub("grub2-mkconfig", "/boot/grub2/grub.cfg"), "grub"),
    "Fedora 33 and older, EFI": (
        INTEL | {"etc/os-release": os_release("fedora", "", "29"), "etc/default/grub": L("rhgb quiet"),
                 "boot/efi/EFI/fedora/grub.cfg": menu("rhgb quiet"), "boot/efi/EFI/BOOT/BOOTX64.EFI": ""},
        {"etc/default/grub": L("rhgb quiet " + WORD)},
        grub("grub2-mkconfig", "/boot/efi/EFI/fedora/grub.cfg"), "grub"),
    "Fedora, entries, EFI": (
        INTEL | {"etc/os-release": os_release("fedora", "", "40"),
                 "etc/default/grub": L("rd.lvm.lv=fedora/root rhgb quiet") + "GRUB_ENABLE_BLSCFG=true\n",
                 "boot/efi/EFI/fedora/grub.cfg": "search --fs-uuid --set=dev 1\nconfigfile $prefix/grub.cfg\n",
                 "boot/grub2/grub.cfg": "insmod blscfg\nblscfg\n", CMDLINE: "root=UUID=1 ro rhgb quiet\n",
                 BLS + "0123-6.6.conf": ENTRY("root=UUID=1 ro rhgb quiet"),
                 BLS + "0123-0-rescue.conf": ENTRY("root=UUID=1 ro rhgb quiet", "0-rescue")},
        {"etc/default/grub": L("rd.lvm.lv=fedora/root rhgb quiet " + WORD) + "GRUB_ENABLE_BLSCFG=true\n",
         CMDLINE: f"root=UUID=1 ro rhgb quiet {WORD}\n",
         BLS + "0123-6.6.conf": ENTRY("root=UUID=1 ro rhgb quiet " + WORD),
         BLS + "0123-0-rescue.conf": ENTRY("root=UUID=1 ro rhgb quiet " + WORD, "0-rescue")},
        [], "grub"),
    "RHEL 8, entries with $kernelopts": (
        INTEL | {"etc/os-release": os_release("rhel", "fedora", '"8.9"'),
                 "etc/default/grub": L("crashkernel=auto quiet") + "GRUB_ENABLE_BLSCFG=true\n",
                 "boot/grub2/grub.cfg": "insmod blscfg\nblscfg\n",
                 "boot/grub2/grubenv": block("saved_entry=x\nkernelopts=root=/dev/mapper/rhel-root ro quiet \n"),
                 BLS + "0123-4.18.conf": ENTRY("$kernelopts $tuned_params")},
        {"etc/default/grub": L("crashkernel=auto quiet " + WORD) + "GRUB_ENABLE_BLSCFG=true\n",
         "boot/grub2/grubenv": block(f"saved_entry=x\nkernelopts=root=/dev/mapper/rhel-root ro quiet {WORD}\n")},
        [], "grub"),
    "Debian with systemd-boot": (
        INTEL | {"etc/os-release": os_release("debian"), "etc/default/grub": D("left over"),
                 "boot/efi/loader/loader.conf": "timeout 3\n", CMDLINE: "root=UUID=1 ro\n",
                 "boot/efi/loader/entries/0123-6.1.conf": ENTRY("root=UUID=1 ro"),
                 "proc/cmdline": "initrd=\\0123\\6.1\\initrd.img root=UUID=1 ro\n"},
        {CMDLINE: f"root=UUID=1 ro {WORD}\n", "boot/efi/loader/entries/0123-6.1.conf": ENTRY("root=UUID=1 ro " + WORD)},
        [], "systemd-boot"),
    "Arch with systemd-boot beside another system": (
        INTEL | {"etc/os-release": os_release("arch"), "etc/machine-id": "a" * 32 + "\n",
                 "boot/loader/loader.conf": "default arch.conf\n", "boot/loader/entries.srel": "type1\n",
                 BLS + "arch.conf": ENTRY('root="LABEL=arch_os" rw'), BLS + "windows.conf": "title W\nefi /EFI/M/b.efi\n",
                 BLS + "other.conf": ENTRY("root=UUID=2", extra="machine-id " + "b" * 32 + "\n")},
        {BLS + "arch.conf": ENTRY('root="LABEL=arch_os" rw ' + WORD)}, [], "systemd-boot"),
    "Unified images by mkinitcpio": (
        INTEL | {"etc/os-release": os_release("arch"), CMDLINE: "root=UUID=1 rw quiet",
                 "etc/mkinitcpio.d/linux.preset": 'default_uki="/efi/EFI/Linux/arch-linux.efi"\n',
                 "efi/EFI/Linux/arch-linux.efi": "MZ"},
        {CMDLINE: f"root=UUID=1 rw quiet {WORD}"}, [["mkinitcpio", "-P"]], "uki"),
    "Unified images by kernel-install": (
        INTEL | {"etc/kernel/install.conf": "layout=uki\n", CMDLINE: "root=UUID=1 rw\n",
                 "boot/efi/EFI/Linux/0123-6.6.efi": "MZ", "usr/lib/modules/6.6/vmlinuz": ""},
        {CMDLINE: f"root=UUID=1 rw {WORD}\n"},
        [["kernel-install", "add", "6.6", "/usr/lib/modules/6.6/vmlinuz"]], "uki"),
    "Unified images by dracut": (
        INTEL | {"etc/dracut.conf.d/uki.conf": 'uefi="yes"\nkernel_cmdline="root=UUID=1 ro"\n',
                 "efi/EFI/Linux/linux-6.6.efi": "MZ"},
        {"etc/dracut.conf.d/uki.conf": f'uefi="yes"\nkernel_cmdline="root=UUID=1 ro {WORD}"\n'},
        [["dracut", "--regenerate-all", "--force"]], "uki"),
    "Proxmox on ZFS": (
        INTEL | {"etc/os-release": os_release("debian"), "etc/default/grub": D("quiet"), "boot/grub/grub.cfg": menu("quiet"),
                 "etc/kernel/proxmox-boot-uuids": "AAAA-BBBB\n", CMDLINE: "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n",
                 "proc/cmdline": "initrd=\\EFI\\proxmox\\6.8\\initrd.img-6.8 root=ZFS=rpool/ROOT/pve-1 boot=zfs\n"},
        {CMDLINE: f"root=ZFS=rpool/ROOT/pve-1 boot=zfs {WORD}\n"}, [["proxmox-boot-tool", "refresh"]], "proxmox"),
    "Proxmox with GRUB": (
        INTEL | {"etc/os-release": os_release("debian"), "etc/default/grub": D("quiet"), "boot/grub/grub.cfg": menu("quiet"),
                 "etc/kernel/proxmox-boot-uuids": "AAAA-BBBB\n", CMDLINE: "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n",
                 "proc/cmdline": "BOOT_IMAGE=/ROOT/pve-1@/boot/vmlinuz-6.8 root=ZFS=rpool/ROOT/pve-1 ro quiet\n"},
        {"etc/default/grub": D("quiet " + WORD)},
        grub("update-grub", "/boot/grub/grub.cfg") + [["proxmox-boot-tool", "refresh"]], "grub"),
    "Pop!_OS": (
        INTEL | {"etc/os-release": os_release("pop", '"ubuntu debian"'), "etc/default/grub": D("quiet"),
                 "etc/kernelstub/configuration": '{"user": {"kernel_options": ["quiet", "splash"]}}\n',
                 "boot/efi/loader/loader.conf": "default Pop_OS-current\n",
                 "boot/efi/loader/entries/Pop_OS-current.conf": ENTRY("root=UUID=1 ro quiet splash")},
        {}, [["kernelstub", "--add-options", WORD]], "kernelstub"),
    "rpm-ostree": (
        INTEL | {"etc/os-release": os_release("fedora", "", "40"), "run/ostree-booted": "", "etc/default/grub": L("quiet"),
                 BLS + "ostree-1.conf": ENTRY("quiet root=UUID=1 ostree=/ostree/boot.1/x")},
        {}, [["rpm-ostree", "kargs", "--append-if-missing=" + WORD]], "rpm-ostree"),
}

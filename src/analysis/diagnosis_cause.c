// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What each cause means and what to do about it, in the order of their rank: what stands further up is
 * the reason for what stands further down, so it is said first. A pattern of diagnosis_table.c may say
 * something more exact than its cause does here.
 */
#include "analysis/diagnosis_table.h"

#define STOP .severity = DIAGNOSIS_STOP
#define WARN .severity = DIAGNOSIS_WARN
#define NOTE .severity = DIAGNOSIS_NOTE
#define PASS .severity = DIAGNOSIS_PASS

const struct diagnosis_cause diagnosis_causes[CAUSES] = {
	[CAUSE_OK_IOMMU_ON] = {"ok-iommu-on", PASS, "DMA remapping is active.", "Nothing to do."},
	[CAUSE_OK_INTREMAP] = {"ok-intremap", PASS, "Interrupt remapping is active.",
			       "Nothing to do."},
	[CAUSE_OK_HARMLESS] = {"ok-harmless", PASS,
			       "This line has nothing to do with passing devices through.",
			       "Nothing to do."},
	[CAUSE_IOMMU_PARAM_ONLY] =
		{"iommu-param-only", NOTE,
		 "The kernel read the parameter; that alone does not show that an IOMMU is at work.",
		 "Run \"ferry check\": groups and units in sysfs are the proof."},
	[CAUSE_KVM_OFF_BIOS] =
		{"kvm-off-bios", STOP,
		 "CPU virtualization (VT-x or SVM) is switched off in the firmware.",
		 "Switch Intel Virtualization Technology or SVM Mode on in the firmware setup, then switch the "
		 "machine off and on again."},
	[CAUSE_DMAR_BROKEN] =
		{"dmar-broken", STOP,
		 "The firmware's table of IOMMUs or a unit that it names cannot be used, so the kernel has dropped "
		 "the IOMMU.",
		 "Switch VT-d (AMD: IOMMU) on in the firmware setup; where it is on, update the firmware. No kernel "
		 "parameter helps."},
	[CAUSE_PARAM_TYPO] =
		{"param-typo", STOP,
		 "A kernel parameter is misspelt, and the kernel dropped it without a word.",
		 "Correct the parameter: \"ferry iommu enable\" writes the right one."},
	[CAUSE_IVRS_IOAPIC_MISSING] =
		{"ivrs-ioapic-missing", STOP,
		 "AMD's firmware table does not say where an I/O APIC is, so interrupts cannot be remapped.",
		 "Update the firmware; else give the kernel ivrs_ioapic[NUMBER]=00:14.0 for each number in the log "
		 "(00:14.0, the SMBus device, is the southbridge's)."},
	[CAUSE_IOMMU_OFF] =
		{"iommu-off", STOP, "There is no IOMMU at work, or {device} is in no IOMMU group.",
		 "Run \"ferry check\": it says whether firmware, kernel or parameter is in the way; \"ferry iommu "
		 "enable\" writes the parameter."},
	[CAUSE_RMRR_BOUND] =
		{"rmrr-bound", STOP,
		 "The firmware claims memory that {device} must reach at all times (Intel RMRR, AMD IVMD), so the "
		 "kernel refuses to hand it to a guest.",
		 "Intel: switch the vendor's health or shared-memory reporting off for the slot, update the firmware, "
		 "or use another slot. AMD: set IOMMU to Enabled instead of Auto, switch Pre-boot DMA Protection off, "
		 "or update the firmware. It is cured when no line of type \"direct\" is left in the reserved_regions "
		 "of {group}."},
	[CAUSE_INTREMAP_MISSING] =
		{"intremap-missing", STOP,
		 "Interrupt remapping is missing or switched off, so a guest could forge interrupts on the host.",
		 "Drop intremap=off, use a kernel with CONFIG_IRQ_REMAP, update the firmware. Only for guests that "
		 "you trust: vfio_iommu_type1.allow_unsafe_interrupts=1, a loss of safety."},
	[CAUSE_VIOMMU_CACHING_MODE] =
		{"viommu-caching-mode", STOP,
		 "The guest's emulated IOMMU does not tell QEMU about its mappings, which an assigned device needs.",
		 "Set caching_mode='on' in the <driver> of the guest's <iommu> (intel-iommu), or take the emulated "
		 "IOMMU out of the guest."},
	[CAUSE_ACS_MISSING] =
		{"acs-missing", STOP,
		 "Nothing between {device} and its neighbours keeps them apart (no ACS), so they can only be given "
		 "away together.",
		 "Put the card into a slot wired to the CPU or below a port with ACS; \"ferry why {DEVICE}\" names "
		 "the port that lacks it."},
	[CAUSE_D3_STUCK] =
		{"d3-stuck", STOP, "{device} sleeps (D3) and does not wake any more.",
		 "Switch the host off at the mains and on again; then keep the device awake: options vfio_pci "
		 "disable_idle_d3=1, or d3cold_allowed 0 and power/control on for every function of {group}."},
	[CAUSE_RESET_FAILED] =
		{"reset-failed", STOP, "{device} did not come back after a reset.",
		 "Switch the host off and on again; keep the device out of D3cold, and shut "
		 "guests down instead of destroying them."},
	[CAUSE_DEVICE_GONE] =
		{"device-gone", STOP,
		 "{device} does not answer any more: its registers read all ones.",
		 "Switch the host off and on again; binding it anew does not help. Do not destroy guests that hold a "
		 "device without reset, and keep it out of D3cold."},
	[CAUSE_IOTLB_TIMEOUT] =
		{"iotlb-timeout", STOP,
		 "{device} no longer answers the IOMMU, which puts the whole host at risk.",
		 "Stop the guest that holds the device and restart the host; then update the firmware of card and "
		 "board."},
	[CAUSE_BOOT_VGA_CLAIMED] =
		{"boot-vga-claimed", STOP,
		 "The host's boot display (efifb, simpledrm) still owns memory of {device}; the guest's driver will "
		 "fail.",
		 "Make another card the boot display, or unbind the framebuffer before the card is detached; look "
		 "for BOOTFB in /proc/iomem afterwards. video=efifb:off has no effect where simpledrm is used."},
	[CAUSE_DRIVER_BUSY] =
		{"driver-busy", STOP,
		 "The host's driver does not let go of {device}: something still uses it.",
		 "Stop what has it open (display manager, nvidia-persistenced, sound server, mounts): \"ferry show "
		 "{DEVICE}\" names it. Where the unbind hangs, only a reboot clears it."},
	[CAUSE_UNBIND_WAIT] =
		{"unbind-wait", STOP, "vfio-pci waits for whoever holds {device} to give it back.",
		 "Unplug it from the guest or stop the program that has it open; \"ferry status\" names the holder."},
	[CAUSE_NOT_DETACHED] =
		{"not-detached", STOP,
		 "The guest's definition leaves detaching to you, and {device} is still "
		 "with its host driver.",
		 "Run \"ferry detach {DEVICE}\" first, or set managed='yes' in the <hostdev>; not both."},
	[CAUSE_IN_USE_BY_DOMAIN] =
		{"in-use-by-domain", STOP, "Another guest has {device}.",
		 "Stop that guest or take the device out of it: \"ferry status\" and \"ferry down GUEST\"."},
	[CAUSE_DEVICE_BUSY] =
		{"device-busy", STOP, "Another process has {group} of {device} open.",
		 "Find it with \"ferry status\" (an old QEMU, DPDK, SPDK) and end it; a QEMU that is just ending needs "
		 "a moment."},
	[CAUSE_LIBVIRT_SANDBOX] =
		{"libvirt-sandbox", STOP,
		 "The libvirt daemon runs behind restrictions of its systemd unit or container that keep it from "
		 "preparing {device}.",
		 "Look with \"systemctl cat\" for ProtectKernelModules, ProtectKernelTunables, PrivateDevices, "
		 "ReadOnlyPaths and CapabilityBoundingSet and loosen them, or run \"ferry detach {DEVICE}\" before the "
		 "start."},
	[CAUSE_LIBVIRT_BLIND] =
		{"libvirt-blind", STOP,
		 "The host has an IOMMU, but libvirt cannot see it: a container or sandbox hides /sys/firmware, "
		 "/sys/kernel/iommu_groups or /dev/vfio.",
		 "Give libvirt's container /sys and /dev/vfio of the host; load vfio-pci on the host."},
	[CAUSE_GROUP_NOT_VIABLE] =
		{"group-not-viable", STOP,
		 "A member of {group} is still with a host driver, so none of it may go to a guest.",
		 "Run \"ferry detach {GROUP}\": every endpoint of the group leaves the host, bridges may stay."},
	[CAUSE_GROUP_SPLIT_SPACES] =
		{"group-split-spaces", STOP,
		 "Members of {group} are in different address spaces of the guest, or in two guests.",
		 "Take the emulated IOMMU out of the guest, or put the whole group behind one pcie-to-pci-bridge or "
		 "into one multifunction slot."},
	[CAUSE_NOT_BOUND_VFIO] =
		{"not-bound-vfio", STOP,
		 "Nothing in {group} is bound to vfio-pci, so there is nothing to open.",
		 "Run \"ferry detach {DEVICE}\"."},
	[CAUSE_CGROUP_DENIED] =
		{"cgroup-denied", STOP,
		 "The device cgroup of the guest or container forbids the VFIO node.",
		 "Let libvirt assign the device, or add the node to cgroup_device_acl in /etc/libvirt/qemu.conf or to "
		 "the container's devices."},
	[CAUSE_MEMLOCK_LIMIT] =
		{"memlock-limit", STOP,
		 "The guest's memory must be locked, and the limit of the QEMU process is too small or must not be "
		 "raised.",
		 "Let libvirt raise it (its daemon needs CAP_SYS_RESOURCE), set <hard_limit> in the guest, or without "
		 "libvirt raise memlock in /etc/security/limits.conf. Less memory is no cure."},
	[CAUSE_IOMMUFD_CDEV_MISSING] =
		{"iommufd-cdev-missing", STOP,
		 "iommufd was asked for, but there is no VFIO character device for {device}.",
		 "Use a kernel with CONFIG_IOMMUFD and CONFIG_VFIO_DEVICE_CDEV (6.6 or later) and bind the device to "
		 "vfio-pci, or do without iommufd."},
	[CAUSE_HOTPLUG_BUS] =
		{"hotplug-bus", STOP,
		 "The place in the guest that was chosen cannot take a device while it runs.",
		 "Plug it into a free pcie-root-port (q35: add some to the definition first), not into pcie.0; or "
		 "assign it while the guest is off."},
	[CAUSE_SRIOV_MMIO] =
		{"sriov-mmio", STOP,
		 "The firmware reserved no address space for the virtual functions of {device}.",
		 "Switch SR-IOV and Above 4G Decoding on in the firmware setup; else try pci=realloc."},
	[CAUSE_SRIOV_BUSY] =
		{"sriov-busy", STOP,
		 "The number of virtual functions cannot be changed from one to another directly.",
		 "Take all of them out of use, then \"ferry vf {DEVICE} 0\" and the new number."},
	[CAUSE_SRIOV_ARI] =
		{"sriov-ari", STOP,
		 "Without ARI on the port above, functions beyond the eighth cannot be reached; the device is sound.",
		 "Enable ARI in the firmware setup (or update it), use a slot below a port with ARI, or ask for fewer "
		 "virtual functions."},
	[CAUSE_SRIOV_MSIX] =
		{"sriov-msix", STOP,
		 "No interrupt vectors are left for the virtual functions of {device}.",
		 "Ask for fewer, give the physical function fewer queues, or unload drivers that take vectors (for "
		 "ice: irdma)."},
	[CAUSE_APPARMOR_DENIED] =
		{"apparmor-denied", STOP,
		 "AppArmor denied QEMU or libvirt something that the start needs.",
		 "Move the file to a place that the profile allows (/var/lib/libvirt/images, /usr/share), or add it to "
		 "/etc/apparmor.d/local/abstractions/libvirt-qemu."},
	[CAUSE_SELINUX_DENIED] =
		{"selinux-denied", STOP,
		 "SELinux denied QEMU or libvirt something that the start needs.",
		 "Restore the labels (restorecon -R on the file's folder); let libvirt label the device (seclabel, "
		 "managed='yes')."},
	[CAUSE_ROM_INVALID] =
		{"rom-invalid", NOTE,
		 "The option ROM of {device} cannot be read or makes no sense.",
		 "Integrated graphics: ignore it, or <rom bar='off'/>. A card that was the boot display: give a ROM "
		 "file of exactly this model, or boot from another card."},
	[CAUSE_DEVICE_OPEN_FAILED] =
		{"device-open-failed", STOP, "The kernel refused to hand out {device}.",
		 "Read the kernel's own line of the same second; check the owner of the /dev/vfio node and that every "
		 "endpoint of {group} is bound to vfio-pci."},
	[CAUSE_CONTAINER_EPERM] =
		{"container-eperm", STOP,
		 "The kernel forbade to set up the IOMMU: interrupt remapping is missing, or firmware memory binds "
		 "{device}.",
		 "Read the kernel log of the same second (\"ferry diagnose\" without --log does): \"interrupt "
		 "remapping\" or \"RMRR\" stands there and decides."},
	[CAUSE_RMRR_RELAXED] =
		{"rmrr-relaxed", WARN,
		 "A patched kernel ignores the memory that the firmware claims for devices; data can be lost.",
		 "Prefer a firmware setting or another slot, and a kernel without the patch."},
	[CAUSE_UNSAFE_INTERRUPTS] =
		{"unsafe-interrupts", WARN,
		 "allow_unsafe_interrupts is in force: a guest with a device can forge interrupts on the host.",
		 "Keep it for guests that you trust; better get interrupt remapping to work (\"ferry check\")."},
	[CAUSE_ACS_OVERRIDE_ON] =
		{"acs-override-on", WARN,
		 "A patched kernel only pretends that devices are kept apart; its groups prove nothing.",
		 "Treat the members of the real group as one, and do not give them to different guests."},
	[CAUSE_DMA_MAP_APERTURE] =
		{"dma-map-aperture", WARN,
		 "A part of the guest's address space lies above what this IOMMU can translate.",
		 "It mostly hits the memory windows of devices (peer-to-peer) and can be ignored; else limit the "
		 "guest's physical address bits (<maxphysaddr mode='passthrough' limit='39'/>)."},
	[CAUSE_NO_RESET] =
		{"no-reset", WARN, "{device} has no reset that can be used.",
		 "Shut guests down instead of destroying them; where that is not enough, use another device."},
	[CAUSE_RESET_SCOPE] =
		{"reset-scope", WARN,
		 "Resetting {device} would hit devices that are not in this guest.",
		 "Give the devices that share its bus or slot to the same guest, or detach them too."},
	[CAUSE_RMRR_FIRMWARE_BUG] =
		{"rmrr-firmware-bug", NOTE,
		 "The firmware did not mark memory as reserved that it claims for a device; VT-d comes up all the "
		 "same.",
		 "Nothing to do; a firmware update may cure it."},
	[CAUSE_X2APIC_OPTOUT] =
		{"x2apic-optout", NOTE,
		 "The firmware asked not to use x2APIC; interrupt remapping works in xAPIC mode.",
		 "Nothing to do. Do not override it: the firmware's own code may need it."},
	[CAUSE_PARAM_IGNORED] =
		{"param-ignored", NOTE, "This kernel does not know the parameter or its value.",
		 "Take it out: AMD's IOMMU needs no \"amd_iommu=on\", and pcie_acs_override exists in patched "
		 "kernels only."},
	[CAUSE_DMA_FAULT] =
		{"dma-fault", NOTE, "{device} tried to reach memory that is not mapped for it.",
		 "Within the first seconds of a boot, from graphics: ignore it. Later: reset the device, give all "
		 "its functions to the guest, update its firmware; where no such function exists, its neighbour sent "
		 "it."},
	[CAUSE_GUEST_CODE43] =
		{"guest-code43", NOTE,
		 "The guest's driver refuses to run; on the host nothing failed.",
		 "Use UEFI in the guest, keep the host's framebuffer off the card, give a ROM file if it was the boot "
		 "display; old NVIDIA drivers want <kvm><hidden state='on'/>, laptops a battery in the guest's "
		 "tables."},
};

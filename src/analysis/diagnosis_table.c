// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The texts, one row each: drivers/vfio, drivers/iommu and drivers/pci of Linux 3.x to 7.x, hw/vfio of
 * QEMU 1.3 to 10, src/util/virpci.c, src/hypervisor and src/qemu of libvirt 1.x to 11, and the audit's
 * denials. A row says what the text says, not how one release words it. No two rows take the same text.
 */
#include "analysis/diagnosis_table.h"

#define ROW(cause_, ...)                                        \
	{                                                       \
		.cause = CAUSE_##cause_, .pattern = __VA_ARGS__ \
	}
#define SEVERITY(s) .severity = DIAGNOSIS_##s, .has_severity = true

/* dmesg, a file that holds the line, /proc/cmdline. */
#define KERNEL_LINE "command line|cmdline|boot_image"

static const char load_module[] =
	"Load it (modprobe vfio-pci); where it is blacklisted in /etc/modprobe.d, take that out.";

const struct diagnosis_row diagnosis_rows[] = {
	/* The IOMMU is there, or seems to be */
	ROW(OK_IOMMU_ON, "virtualization technology for @directed i o"),
	ROW(OK_IOMMU_ON, "amd vi initialized for passthrough", .anchor = "initialized for"),
	ROW(OK_IOMMU_ON, "amd vi found|enabling iommu .. cap", .anchor = "amd-vi"),
	ROW(OK_IOMMU_ON, "adding to iommu group", .anchor = "adding to iommu"),
	ROW(OK_IOMMU_ON, "@checking .. iommu .. pass"),
	ROW(OK_INTREMAP, "enabled irq|interrupt|intr remapping",
	    .anchor = "enabled irq|enabled interrupt|enabled intr", .unless = "system bios"),
	ROW(OK_INTREMAP, "interrupt @remapping enabled"),
	ROW(IOMMU_PARAM_ONLY, "dmar iommu enabled", .anchor = "iommu enabled"),
	ROW(IOMMU_PARAM_ONLY, "intel iommu enabled", .anchor = "intel-iommu"),
	ROW(IOMMU_PARAM_ONLY, "line|cmdline|image .. intel iommu on", .anchor = KERNEL_LINE,
	    .unless = "intel iommu off"),

	/* Noise that looks worse than it is */
	ROW(OK_HARMLESS, "no atsr|satc|rmrr found", .anchor = "atsr found|satc found|rmrr found"),
	ROW(OK_HARMLESS, "@functionality not available on this system"),
	ROW(OK_HARMLESS, "vfio .. @hiding cap|ecap"),
	ROW(OK_HARMLESS, "masking @broken intx"),
	ROW(OK_HARMLESS, "irq @bypass consumer|producer .. fails"),
	ROW(OK_HARMLESS, "received unaligned region", .anchor = "received unaligned"),
	ROW(OK_HARMLESS, "performance may be slow", .anchor = "performance may"),
	ROW(OK_HARMLESS, "unable to read write to iommu performance|perf counter",
	    .anchor = "unable to read"),
	ROW(OK_HARMLESS, "efr @mismatch use ivhd efr"),
	ROW(OK_HARMLESS, "@failed to find handle for acpi object"),
	ROW(OK_HARMLESS, "dmar acpi name space devices didn t probe",
	    .anchor = "name space devices"),
	ROW(OK_HARMLESS, "irq|translation .. was enabled .. not in @kdump mode"),
	ROW(OK_HARMLESS, "vgaarb .. changed vga decodes", .anchor = "vgaarb"),
	ROW(OK_HARMLESS, "use .. no x2apic @optout to override"),
	ROW(OK_HARMLESS, "@adjusting rlimit memlock"),
	ROW(OK_HARMLESS, "@failed to find module vfio virqfd",
	    .meaning = "Since Linux 6.2 vfio_virqfd is a part of "
		       "vfio; only an old list still names it.",
	    .remedy =
		    "Take vfio_virqfd out of the lists in /etc/modules-load.d, dracut.conf.d or mkinitcpio.conf: "
		    "dracut makes no new initramfs with it."),

	/* Virtualization of the CPU */
	ROW(KVM_OFF_BIOS, "kvm|vmx|svm .. disabled by bios|your",
	    .anchor = "disabled by|disabled (by"),
	ROW(KVM_OFF_BIOS, "vmx|svm not enabled by bios", .anchor = "not enabled"),
	ROW(KVM_OFF_BIOS, "could not access kvm kernel module no such", .anchor = "not access"),
	ROW(KVM_OFF_BIOS, "failed to @initialize kvm no such"),
	ROW(KVM_OFF_BIOS, "@requires kvm but it is not available"),
	ROW(KVM_OFF_BIOS, "@emulator .. does not support virt type kvm"),
	ROW(KVM_OFF_BIOS, "could not insert kvm .. operation not supported",
	    .anchor = "not insert"),
	ROW(KVM_OFF_BIOS, "only @emulated cpus are available"),

	ROW(KVM_OFF_BIOS, "kvm no hardware support", .anchor = "no hardware support",
	    SEVERITY(WARN),
	    .meaning =
		    "The CPU shows no VT-x or SVM: the firmware has it off, an outer hypervisor hides it, or this is the other "
		    "vendor's module."),

	/* Firmware tables */
	ROW(DMAR_BROKEN, "bios is @broken dmar reported at"),
	ROW(DMAR_BROKEN, "@parse dmar table failure"),
	ROW(DMAR_BROKEN, "@invalid dmar haw"),
	ROW(DMAR_BROKEN, "can t @validate drhd address"),
	ROW(DMAR_BROKEN, "no supported address widths not @attempting dma translation"),
	ROW(DMAR_BROKEN, "@unable to map dmar"),
	ROW(DMAR_BROKEN, "no drhd @structure found"),
	ROW(DMAR_BROKEN, "dmar @initialization failed"),
	ROW(DMAR_BROKEN, "dmar @failed to map dmar*"),
	ROW(DMAR_BROKEN, "dmar can t map the region", .anchor = "map the region"),
	ROW(DMAR_BROKEN, "record passes table end", .anchor = "record passes"),
	ROW(DMAR_BROKEN, "ivrs table @error"),
	ROW(DMAR_BROKEN, "ivrs @invalid checksum"),
	ROW(DMAR_BROKEN, "failed to @initialize iommu hardware"),
	ROW(RMRR_FIRMWARE_BUG, "no firmware reserved region can cover this rmrr",
	    .anchor = "no firmware reserved"),
	ROW(RMRR_FIRMWARE_BUG, "bios is @broken bad rmrr"),
	ROW(RMRR_FIRMWARE_BUG, "rmrr entry for device is broken", .anchor = "rmrr entry"),
	ROW(RMRR_RELAXED, "rmrr* .. @relaxable|@relaxed", .unless = "ineligible"),
	ROW(RMRR_RELAXED, "line|cmdline|image .. relax rmrr", .anchor = KERNEL_LINE),
	ROW(RMRR_BOUND, "@ineligible for iommu domain attach"),
	ROW(RMRR_BOUND, "firmware has requested .. device have .. mapping",
	    .anchor = "firmware has requested"),
	ROW(RMRR_BOUND, "set group @container invalid argument"),
	ROW(RMRR_BOUND,
	    "error|failed bind|binding|attach|attaching .. @iommufd .. invalid argument"),

	/* Interrupts */
	ROW(IVRS_IOAPIC_MISSING, "ioapic not in ivrs", .anchor = "not in ivrs"),
	ROW(IVRS_IOAPIC_MISSING, "no @southbridge ioapic found"),
	ROW(INTREMAP_MISSING, "no mapping iommu interrupt @remapping will be disabled"),
	ROW(INTREMAP_MISSING, "failed to enable irq|interrupt|intr @remapping"),
	ROW(INTREMAP_MISSING, "failed to setup irq|interrupt|intr @remapping"),
	ROW(INTREMAP_MISSING, "not @enabling irq|interrupt|intr remapping"),
	ROW(INTREMAP_MISSING, "@disabling irq|interrupt|intr remapping"),
	ROW(INTREMAP_MISSING, "irq|interrupt|intr @remapping disabled"),
	ROW(INTREMAP_MISSING, "no irq|interrupt|intr @remapping support"),
	ROW(INTREMAP_MISSING, "system bios has enabled interrupt remapping",
	    .anchor = "bios has enabled",
	    .meaning =
		    "This chipset's interrupt remapping is faulty, so the kernel switched it off."),
	ROW(INTREMAP_MISSING, "dmar ir failed to enable queued invalidation",
	    .anchor = "enable queued"),
	ROW(INTREMAP_MISSING, "line|cmdline|image .. intremap off", .anchor = KERNEL_LINE,
	    .remedy = "Take intremap=off off the kernel's command line."),
	ROW(INTREMAP_MISSING, "line|cmdline|image .. nointremap", .anchor = KERNEL_LINE,
	    .remedy = "Take nointremap off the kernel's command line."),
	ROW(INTREMAP_MISSING, "irq|interrupt @remapping doesn t support x2apic",
	    .rule = RULE_X2APIC),
	ROW(UNSAFE_INTERRUPTS, "msi interrupts are not @secure"),
	ROW(UNSAFE_INTERRUPTS, "allow @unsafe interrupts 1|y|on|true|enabled"),
	ROW(X2APIC_OPTOUT, "x2apic is disabled .. x2apic opt out", .anchor = "x2apic is"),
	ROW(X2APIC_OPTOUT, "@requested that x2apic be disabled"),

	/* Parameters */
	ROW(PARAM_IGNORED, "amd vi unknown option", .anchor = "unknown option"),
	ROW(PARAM_IGNORED, "dmar|iommu unknown option", .anchor = "unknown option"),
	ROW(PARAM_IGNORED, "@malformed early option .. iommu|intremap"),
	ROW(PARAM_IGNORED, "vfio|kvm|iommu* .. unknown @parameter .. ignored"),
	ROW(PARAM_IGNORED, "line|cmdline|image .. amd iommu on", .anchor = KERNEL_LINE),

	/* No IOMMU for the device */
	ROW(IOMMU_OFF, "vfio pci probe .. failed with error 22",
	    .anchor = "vfio-pci: probe|probe with driver vfio",
	    .meaning =
		    "vfio-pci does not take {device}: it is in no IOMMU group (a bridge is refused like that too).",
	    .rule = RULE_VFIO_PROBE),
	ROW(IOMMU_OFF, "host doesn t support .. @passthrough", .rule = RULE_LIBVIRT),
	ROW(IOMMU_OFF, "device @assignment is .. supported on this system"),
	ROW(IOMMU_OFF, "device @assignment requires vfio"),
	ROW(IOMMU_OFF, "no iommu group found", .anchor = "iommu_group found"),
	ROW(IOMMU_OFF, "@error no iommu group for"),
	ROW(IOMMU_OFF, "@unable to resolve device .. iommu group"),
	ROW(IOMMU_OFF, "@invalid device .. iommu group .. not a symlink"),
	ROW(IOMMU_OFF, "dmar|intel|amd iommu disabled", .anchor = "iommu disabled|iommu: disabled"),
	ROW(IOMMU_OFF, "iommu @appears to be disabled"),
	ROW(IOMMU_OFF, "iommu .. not present|detected|found|enabled|available|active",
	    .anchor = "iommu not|iommu is not|iommu was not"),
	ROW(IOMMU_OFF, "no iommu detected|found|present", .anchor = "no iommu"),
	ROW(IOMMU_OFF, "no available iommu @models"),
	ROW(IOMMU_OFF, "no acpi dmar|ivrs table found", .anchor = "table found",
	    .rule = RULE_LIBVIRT),
	ROW(IOMMU_OFF, "no dmar devices found", .anchor = "dmar devices"),
	ROW(IOMMU_OFF, "disable iommu on @stoney"),
	ROW(IOMMU_OFF, "adding kernel @taint for vfio noiommu"),
	ROW(IOMMU_OFF, "line|cmdline|image .. iommu off", .anchor = KERNEL_LINE,
	    .meaning = "The kernel's command line switches the IOMMU off.",
	    .remedy = "Take the parameter out: \"ferry iommu enable\"."),

	/* The container */
	ROW(CONTAINER_EPERM, "set|setting iommu|vfio|group .. operation not @permitted"),
	ROW(CONTAINER_EPERM,
	    "error|failed bind|binding|attach|attaching .. @iommufd .. operation not permitted"),
	ROW(CONTAINER_EPERM, "iommufd error attach .. operation not @permitted"),
	ROW(GROUP_NOT_VIABLE, "group .. not @viable"),
	ROW(GROUP_NOT_VIABLE, "all devices within the iommu group are bound", .anchor = "are bound",
	    .unless = "viable"),
	ROW(GROUP_SPLIT_SPACES, "group .. used in @multiple address spaces"),

	/* Isolation */
	ROW(ACS_MISSING, "is behind a switch @lacking acs"),
	ROW(ACS_MISSING, "@downstream port lacks|has acs"),
	ROW(ACS_MISSING, "pci device .. is not @assignable"),
	ROW(ACS_OVERRIDE_ON, "acs @overrides enabled"),

	/* Faults */
	ROW(DMA_FAULT, "dma read|write .. request device .. fault addr",
	    .anchor = "request device"),
	ROW(DMA_FAULT, "intr remap .. request device .. fault index", .anchor = "request device"),
	ROW(DMA_FAULT, "fault reason", .anchor = "fault reason", .unless = "request device"),
	ROW(DMA_FAULT, "drhd @handling fault status"),
	ROW(DMA_FAULT, "dmar fault @callbacks suppressed"),
	ROW(DMA_FAULT, "iommu report page fault @callbacks suppressed"),
	ROW(DMA_FAULT, "event @logged io|rmp page fault"),
	ROW(DMA_FAULT, "event @logged invalid|illegal|device"),
	ROW(DMA_FAULT, "@unhandled context fault"),
	ROW(DMA_FAULT, "smmu* .. event .. received", .anchor = "received:"),
	ROW(DMA_FAULT, "@fault from ep", .anchor = "fault from"),
	ROW(IOTLB_TIMEOUT, "event .. iotlb inv timeout", .anchor = "iotlb_inv"),
	ROW(IOTLB_TIMEOUT, "@completion wait loop timed out"),
	ROW(IOTLB_TIMEOUT, "amd vi command buffer @timeout"),
	ROW(IOTLB_TIMEOUT, "invalidation time out error", .anchor = "detected invalidation"),
	ROW(IOTLB_TIMEOUT, "invalidation queue|completion error",
	    .anchor = "detected invalidation"),
	ROW(IOTLB_TIMEOUT, "smmu* .. cmd sync @timeout"),

	ROW(IOTLB_TIMEOUT, "qi head|prior", .anchor = "qi head|qi prior"),

	/* Somebody has it */
	ROW(DRIVER_BUSY, "non zero @usage count"),
	ROW(DRIVER_BUSY, "failed to @unbind .. device",
	    .unless = "read only file, permission denied"),
	ROW(DRIVER_BUSY, "@unbind .. write error"),
	ROW(DRIVER_BUSY, "fatal|error module .. is in use", .anchor = "in use"),
	ROW(DRIVER_BUSY, "could not remove .. temporarily @unavailable"),
	ROW(UNBIND_WAIT, "@blocked until .. released"),
	ROW(UNBIND_WAIT, "@relaying device request to user"),
	ROW(NOT_DETACHED, "must be @manually detached"),
	ROW(NOT_DETACHED, "driver .. is @occupying your device"),
	ROW(IN_USE_BY_DOMAIN, "pci device .. in use", .anchor = "in use",
	    .unless = "blocked until"),
	ROW(DEVICE_BUSY,
	    "@/dev/vfio/n|@/dev/vfio/devices/n|@/dev/vfio/vfio device or resource busy"),
	ROW(DEVICE_BUSY, "error @getting device .. group device or resource busy"),
	ROW(DEVICE_BUSY,
	    "error|failed bind|binding|attach|attaching .. @iommufd .. device or resource busy"),

	ROW(DEVICE_BUSY, "probably @process .. has claimed it"),

	/* Nothing there to open */
	ROW(NOT_BOUND_VFIO, "@/dev/vfio/n no such file|device"),
	ROW(NOT_BOUND_VFIO, "@/dev/vfio/n does not exist"),
	ROW(NOT_BOUND_VFIO, "@/dev/vfio/vfio no such file|device",
	    .meaning = "The VFIO modules are not loaded.", .remedy = load_module),
	ROW(NOT_BOUND_VFIO, "error @getting device .. group no such device"),
	ROW(NOT_BOUND_VFIO, "no such host device no such file", .meaning = "{device} is not there.",
	    .remedy =
		    "Addresses move when cards are added or removed: \"ferry survey\" shows where it is now.",
	    .anchor = "no such host"),
	ROW(NOT_BOUND_VFIO, "device .. not found could not access", .anchor = "not access",
	    .meaning = "{device} is not there.",
	    .remedy =
		    "Addresses move when cards are added or removed: \"ferry survey\" shows where it is now."),
	ROW(NOT_BOUND_VFIO, "host pci device not found", .anchor = "not found",
	    .meaning = "{device} is not there.",
	    .remedy =
		    "Addresses move when cards are added or removed: \"ferry survey\" shows where it is now."),
	ROW(NOT_BOUND_VFIO, "write error file exists", .anchor = "write error",
	    .meaning =
		    "new_id already has this id, so the script stopped before the device was bound.",
	    .remedy = "Never use new_id; \"ferry detach {DEVICE}\" binds exactly this device."),
	ROW(NOT_BOUND_VFIO, "new id .. file exists", .anchor = "file exists",
	    .unless = "write error",
	    .remedy = "Never use new_id; \"ferry detach {DEVICE}\" binds exactly this device."),
	ROW(NOT_BOUND_VFIO, "@failed to bind pci device"),
	ROW(NOT_BOUND_VFIO, "@failed to load pci driver|stub module",
	    .unless = "permitted, permission",
	    .meaning = "The module vfio-pci could not be loaded.", .remedy = load_module),
	ROW(NOT_BOUND_VFIO, "module vfio pci .. not found", .anchor = "module vfio",
	    .meaning = "This kernel has no module vfio-pci.",
	    .remedy =
		    "Install the kernel's full package of modules, or a kernel with CONFIG_VFIO_PCI."),
	ROW(NOT_BOUND_VFIO, "@cannot bind to pf with sr iov enabled",
	    .meaning = "vfio-pci takes no physical function that still has virtual functions.",
	    .remedy = "Run \"ferry vf {DEVICE} 0\" first."),

	/* Not allowed to */
	ROW(CGROUP_DENIED,
	    "@/dev/vfio/n|@/dev/vfio/vfio|@/dev/vfio/devices/n operation not permitted"),
	ROW(DEVICE_OPEN_FAILED,
	    "@/dev/vfio/n|@/dev/vfio/vfio|@/dev/vfio/devices/n permission denied",
	    .meaning = "The user that QEMU runs as may not open the VFIO node.",
	    .remedy =
		    "Start the guest through the system's libvirt, or give the node to the user by a udev rule."),
	ROW(APPARMOR_DENIED, "apparmor @denied .. libvirt*|qemu*|vfio*|virt*|kvm|swtpm"),
	ROW(APPARMOR_DENIED, "cannot load apparmor profile", .anchor = "load apparmor"),
	ROW(SELINUX_DENIED, "avc @denied .. svirt|qemu*|virt*|vfio*"),
	ROW(SELINUX_DENIED, "@selinux is preventing .. svirt|qemu*|virt*|vfio*"),
	ROW(LIBVIRT_SANDBOX, "override|unbind|bind|id|probe|reset .. read only file system",
	    .anchor = "read-only file"),
	ROW(LIBVIRT_SANDBOX, "modules alias permission denied|no|operation",
	    .anchor = "modules.alias"),
	ROW(LIBVIRT_SANDBOX, "could not insert vfio* .. operation not permitted",
	    .anchor = "not insert"),
	ROW(LIBVIRT_SANDBOX, "@failed to load pci driver|stub module .. permission|permitted"),
	ROW(LIBVIRT_BLIND, "@failed to open config space file .. read only file system",
	    SEVERITY(WARN)),
	ROW(LIBVIRT_BLIND, "iommu groups no such file or directory", .anchor = "iommu_groups"),

	/* Memory */
	ROW(MEMLOCK_LIMIT, "@rlimit memlock .. exceeded"),
	ROW(MEMLOCK_LIMIT, "vfio .. dma .. cannot @allocate memory", .unless = "iommu ioas map"),
	ROW(MEMLOCK_LIMIT, "iommu ioas map .. cannot @allocate memory"),
	ROW(MEMLOCK_LIMIT, "mlock* .. cannot @allocate memory", .unless = "vfio"),
	ROW(MEMLOCK_LIMIT, "cannot limit locked memory of process", .anchor = "limit locked"),
	ROW(MEMLOCK_LIMIT, "@unable to change max memlock"),
	ROW(MEMLOCK_LIMIT, "failed to @adjust locked memory limit"),
	ROW(MEMLOCK_LIMIT, "@locked memory limit .. needs to be raised"),
	ROW(DMA_MAP_APERTURE, "vfio .. dma .. @invalid argument"),
	ROW(DMA_MAP_APERTURE, "vfio .. dma .. bad address", .anchor = "bad address"),
	ROW(DMA_MAP_APERTURE, "iommu width .. is not @sufficient"),
	ROW(DMA_MAP_APERTURE, "p2p may not work", .anchor = "p2p may not"),
	ROW(DMA_MAP_APERTURE, "pci peer to peer @transactions .. not supported"),
	ROW(DMA_MAP_APERTURE, "can t map guest iova region", .anchor = "guest iova"),
	ROW(DMA_MAP_APERTURE, "aw bits .. host aw bits", .anchor = "host aw"),
	ROW(DMA_MAP_APERTURE, "dma range @outside iommu"),

	/* The guest's own hardware */
	ROW(VIOMMU_CACHING_MODE, "@caching mode on", .unless = "qemu binary"),
	ROW(VIOMMU_CACHING_MODE, "requires @caching mode"),
	ROW(VIOMMU_CACHING_MODE, "requires iommu @notifier"),
	ROW(HOTPLUG_BUS, "bus .. does not support @hotplugging|@hotplug"),
	ROW(HOTPLUG_BUS, "hot plug failed @unsupported by the port"),
	ROW(HOTPLUG_BUS, "hotplug controller has been disabled", .anchor = "hotplug controller"),
	ROW(HOTPLUG_BUS, "controller .. doesn t support @hotplug"),
	ROW(HOTPLUG_BUS, "no more available pci slots", .anchor = "no more available"),
	ROW(HOTPLUG_BUS, "no pci @buses available"),
	ROW(HOTPLUG_BUS, "@unsupported pci slot .. hotplug controller"),
	ROW(HOTPLUG_BUS, "can not be @hotplugged"),
	ROW(HOTPLUG_BUS, "slot function already @occupied by"),
	ROW(HOTPLUG_BUS, "no slot function available for", .anchor = "function available"),
	ROW(HOTPLUG_BUS, "@hotplug is not supported for hostdev"),
	ROW(GUEST_CODE43, "code 43", .anchor = "code 43|problems"),

	/* iommufd */
	ROW(IOMMUFD_CDEV_MISSING, "@/dev/vfio/devices/n no such file|device"),
	ROW(IOMMUFD_CDEV_MISSING, "couldn|could .. open directory vfio dev", .anchor = "vfio-dev"),
	ROW(IOMMUFD_CDEV_MISSING, "failed to find|load vfio dev", .anchor = "failed to"),
	ROW(IOMMUFD_CDEV_MISSING, "@failed to open /dev/vfio/devices/n",
	    .unless = "no such, permitted, denied, busy"),
	ROW(IOMMUFD_CDEV_MISSING, "@/dev/iommu no such file|device",
	    .meaning = "This kernel has no iommufd."),

	/* Reset and power */
	ROW(NO_RESET, "no available reset @mechanism"),
	ROW(NO_RESET, "no flr pm reset or bus reset", .anchor = "no flr"),
	ROW(NO_RESET, "all device reset methods disabled", .anchor = "reset methods"),
	ROW(NO_RESET, "@failed to reset pci device .. but trying to continue"),
	ROW(NO_RESET, "reset .. @inappropriate ioctl"),
	ROW(NO_RESET, "can t reset pci device", .anchor = "can't reset"),
	ROW(NO_RESET, "not|t support reset|flr", .anchor = "support reset|support flr"),
	ROW(RESET_SCOPE, "@cannot reset device .. depends on"),
	ROW(RESET_SCOPE, "active .. devices on bus with .. not doing bus reset",
	    .anchor = "not doing bus reset"),
	ROW(RESET_FAILED, "not ready after .. @giving up"),
	ROW(RESET_FAILED, "asic|gpu|vfio|hot reset @failed"),
	ROW(RESET_FAILED, "vfio pci reset @failed"),
	ROW(RESET_FAILED, "data link layer link active not set", .anchor = "link layer",
	    SEVERITY(WARN)),
	ROW(RESET_FAILED, "@failed to return from flr"),
	ROW(RESET_FAILED, "timed out waiting for @pending transaction", SEVERITY(WARN),
	    .meaning =
		    "{device} had requests under way that never ended; it was reset all the same."),
	ROW(D3_STUCK, "unable|refused|t|cannot .. change power state", .anchor = "power state"),
	ROW(D3_STUCK, "@unable to power on device stuck"),
	ROW(D3_STUCK, "vfio .. @runtime resume failed"),
	ROW(DEVICE_GONE, "unknown pci header type 127", .anchor = "header type"),
	ROW(DEVICE_GONE, "unknown header type 7f", .anchor = "header type",
	    .unless = "ignoring device"),
	ROW(DEVICE_GONE, "pci irq handler @assertion"),
	ROW(DEVICE_GONE, "gpu has @fallen off the bus"),
	ROW(DEVICE_GONE, "vfio pci read|write config .. @failed"),
	ROW(DEVICE_OPEN_FAILED, "error @getting device .. group", .unless = "no such device, busy"),
	ROW(DEVICE_OPEN_FAILED, "error @getting device info"),
	ROW(DEVICE_OPEN_FAILED, "vf @token required|incorrectly|provided",
	    .meaning =
		    "{device} is a virtual function whose physical function is held by vfio-pci and guarded by a token.",
	    .remedy =
		    "Give QEMU the token (vf-token=UUID), or leave the physical function with its host driver."),
	ROW(DEVICE_OPEN_FAILED, "@failed to setup intel igd regions"),
	ROW(DEVICE_OPEN_FAILED, "exists in vfio pci device @denylist|blacklist",
	    .meaning =
		    "The kernel keeps {device} from vfio-pci, because a guest could bring the host down with it.",
	    .remedy =
		    "Use its virtual functions, or for guests that you trust: vfio_pci.disable_denylist=1."),

	ROW(DEVICE_OPEN_FAILED, "@verify all devices in group", .unless = "getting device",
	    .rule = RULE_HINT),

	/* Display and ROM */
	ROW(BOOT_VGA_CLAIMED, "vfio pci bar .. can t @reserve"),
	ROW(ROM_INVALID, "@invalid pci rom header|data signature"),
	ROW(ROM_INVALID, "@cannot read device rom"),
	ROW(ROM_INVALID, "option rom @contents are probably invalid"),
	ROW(ROM_INVALID, "skip option rom probe", .anchor = "option rom probe"),
	ROW(ROM_INVALID, "error @reading device rom"),
	ROW(ROM_INVALID, "@instability issues during option rom execution"),
	ROW(ROM_INVALID, "failed to find|load @romfile", SEVERITY(STOP),
	    .meaning = "The ROM file is not there or cannot be read.",
	    .remedy =
		    "Correct the path in <rom file='...'/>, or take it out; QEMU's user and AppArmor or SELinux must "
		    "allow the file."),
	ROW(ROM_INVALID, "@romfile .. is empty|too", SEVERITY(STOP),
	    .meaning = "The ROM file is no ROM of this card."),

	/* Virtual functions */
	ROW(SRIOV_MMIO, "not @enough mmio resources for sr iov"),
	ROW(SRIOV_MMIO, "iov bars not allocated", .anchor = "iov bars"),
	ROW(SRIOV_MMIO, "sriov numvfs .. cannot @allocate memory"),
	ROW(SRIOV_MMIO, "@failed to enable vfs enomem"),
	ROW(SRIOV_MMIO, "vf bar .. can t|failed .. assign", .anchor = "vf bar"),
	ROW(SRIOV_BUSY, "vfs already enabled", .anchor = "already enabled"),
	ROW(SRIOV_BUSY, "cannot @modify sr iov while"),
	ROW(SRIOV_BUSY, "@sriov numvfs .. device or resource busy"),
	ROW(SRIOV_ARI, "unknown header type 7f ignoring device", .anchor = "header type"),
	ROW(SRIOV_ARI, "type 7f class", .anchor = "type 7f class"),
	ROW(SRIOV_ARI, "pci enable @sriov failed .. 5"),
	ROW(SRIOV_ARI, "fail to enable @sriov"),
	ROW(SRIOV_ARI, "can t enable vfs .. out of range", .anchor = "out of range"),
	ROW(SRIOV_MSIX, "only msi x interrupts available for sr iov",
	    .anchor = "interrupts available"),
	ROW(SRIOV_MSIX, "not @enough .. msi x .. vf*", .unless = "only msi x interrupts"),
	ROW(SRIOV_MSIX, "not enough|available .. vectors .. vf*", .unless = "msi x",
	    .anchor = "vectors"),
	ROW(SRIOV_MSIX, "@sriov numvfs .. no space left"),

	/* Says that something failed, not what */
	ROW(OK_HARMLESS, "warning cpu pid at", .anchor = "warning: cpu", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "@failed to start domain", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "@unexpectedly closed the monitor", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "failed to setup @container for group", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "@failed to get group", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "device @initialization failed", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "could not be initialized", .anchor = "be initialized",
	    .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "dma mapping @failed unable to continue", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "listener @initialization failed", .rule = RULE_AFTERMATH),
	ROW(OK_HARMLESS, "@failed to attach|detach device", .rule = RULE_AFTERMATH),
};

const size_t diagnosis_n_rows = sizeof(diagnosis_rows) / sizeof(diagnosis_rows[0]);

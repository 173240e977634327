/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the question "can this machine do it" needs beyond its devices: processor, firmware, the kernel's
 * build and its log, VFIO, and what virtualization lives on. HOST_PLATFORM; host.platform leads here.
 */
#ifndef FERRY_HOST_PLATFORM_H
#define FERRY_HOST_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fact.h"
#include "decode/kernel_log.h"

enum cpu_kind { CPU_UNKNOWN, CPU_INTEL, CPU_AMD, CPU_OTHER_X86, CPU_ARM };

struct host_cpu {
	enum fact read;
	enum cpu_kind kind; /* CPU_AMD: Hygon too */
	const char *model;  /* NULL: not named */
	bool has_vmx, has_svm;
	bool is_virtual;                          /* the flag "hypervisor" */
	unsigned int physical_bits, virtual_bits; /* of addresses; 0: not said */
};

/* FACT_DENIED: it is there and only root may read it. */
struct host_table {
	enum fact read;
	const char *path; /* "/sys/firmware/acpi/tables/DMAR" */
	const char *data;
	size_t size;
};

struct host_firmware {
	enum fact
		tables_read; /* the folder of tables: FACT_READ and no DMAR means that there is none */
	struct host_table dmar, ivrs;
	bool has_iort;         /* Arm's table of SMMUs */
	bool has_smmu_node;    /* or the device tree's */
	const char *machine;   /* "ASRock Z77 Extreme4", system and board; NULL: not said */
	const char *version;   /* "P2.90 (07/11/2013)"; NULL: not said */
	enum fact secure_boot; /* FACT_ABSENT: no UEFI, or it does not know of it */
	bool is_secure_boot;
	const char *lockdown;   /* "none", "integrity", "confidentiality"; NULL: not read */
	const char *hypervisor; /* /sys/hypervisor/type; NULL: none */
	bool is_xen_dom0;
};

enum module_state {
	MODULE_UNKNOWN,
	MODULE_ABSENT,
	MODULE_LOADABLE,
	MODULE_BUILT_IN,
	MODULE_LOADED
};
/* "not known", "not there", "loadable", "built in", "loaded" */
const char *module_state_name(enum module_state state);

enum host_module {
	HOST_MODULE_VFIO,
	HOST_MODULE_VFIO_PCI,
	HOST_MODULE_VFIO_TYPE1,
	HOST_MODULE_IOMMUFD,
	HOST_MODULE_KVM,
	HOST_MODULE_KVM_INTEL,
	HOST_MODULE_KVM_AMD,
	HOST_MODULES
};
const char *host_module_name(enum host_module module);

struct host_build {
	enum module_state modules[HOST_MODULES];
	const char *config_path; /* "/boot/config-6.1.0-28-amd64"; NULL: not readable */
	const char *config;      /* for kernel_config_value(); NULL: not readable */
	/* Where intel_iommu=on is written for a boot: "/etc/default/grub, line 9"; NULL: nowhere seen. */
	const char *saved_intel_on;
};

struct host_vfio {
	bool has_group_interface;  /* /dev/vfio/vfio */
	bool has_iommufd;          /* /dev/iommu */
	bool has_device_interface; /* class/vfio-dev: a device as a file of its own */
	/* 'Y' or 'N'; 0: the module is not loaded, or it was not read */
	char type1_unsafe, iommufd_unsafe, noiommu;
};

/* How an IOMMU that the kernel brought up describes itself, in the order of host.units. */
struct host_unit {
	const char *name;
	bool is_intel, is_amd;
	bool has_registers; /* of Intel's: cap, ecap; of AMD's: efr */
	uint64_t address;   /* of Intel's registers; 0: not read */
	uint64_t cap, ecap;
	uint64_t efr, efr2;
	bool has_efr2;
	const char **devices; /* that it translates for, by name */
	size_t n_devices;
	enum fact devices_read;
};

enum daemon_kind { DAEMON_NONE, DAEMON_WHOLE, DAEMON_PARTS };

struct host_virtualization {
	enum fact kvm_node;    /* /dev/kvm as a file: FACT_READ with its owner below */
	const char *kvm_owner; /* "root:kvm 0660" */
	char nested;           /* 'Y' or 'N'; 0: not read */
	const char *qemu;      /* "/usr/bin/qemu-system-x86_64"; NULL: none */
	enum fact qemu_read;
	enum daemon_kind daemon; /* by the sockets in /run/libvirt */
	enum fact daemon_read;
	const char **sockets; /* "virtqemud", "virtnetworkd": whose sockets are there */
	size_t n_sockets;
	const char *daemon_name; /* "virtqemud" of the process below; NULL: none runs */
	bool daemon_read_limits;
	bool may_raise_limits;      /* CAP_SYS_RESOURCE in its bounding set */
	const char *daemon_memlock; /* its "Max locked memory", as /proc says it; NULL: not read */
	enum fact guests_service;   /* FACT_READ: libvirt-guests is enabled */
	const char *on_shutdown;    /* its ON_SHUTDOWN; NULL: not read */
	const char *on_shutdown_path; /* where it is set, or would be */
	char apparmor;                /* 'Y' or 'N'; 0: not read */
	char selinux;                 /* '1' enforcing, '0' permissive, 0: not there or not read */
	/* Of who runs this; of the live machine alone. */
	const char *user;
	bool is_root, is_in_kvm, is_in_libvirt, has_libvirt_group;
	uint64_t memlock; /* bytes; UINT64_MAX: no limit */
};

struct host_platform {
	struct host_cpu cpu;
	struct host_firmware firmware;
	struct host_build build;
	struct host_vfio vfio;
	struct host_virtualization virtualization;
	struct host_unit *units;
	size_t n_units;
	enum fact log_read; /* this boot's kernel log; what of it was overwritten is lost */
	struct kernel_log_facts log;
	/* From /proc/interrupts, where a remapped interrupt has another name. */
	enum intremap_state interrupts;
	const char *interrupts_line;
	/* "0000:01:00.0: BOOTFB": host framebuffers that sit on a device's memory */
	const char **framebuffers;
	size_t n_framebuffers;
};

#endif

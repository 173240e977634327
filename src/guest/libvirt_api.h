/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvirt's functions as one table, filled by dlopen(3) when a guest is first asked for. The header is
 * needed to build, the library only to run. Each entry has the type that libvirt's header gives it.
 */
#ifndef FERRY_GUEST_LIBVIRT_API_H
#define FERRY_GUEST_LIBVIRT_API_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#define LIBVIRT_FUNCTIONS(F)                  \
	F(virConnectClose)                    \
	F(virConnectDomainEventDeregisterAny) \
	F(virConnectDomainEventRegisterAny)   \
	F(virConnectGetHostname)              \
	F(virConnectGetLibVersion)            \
	F(virConnectGetURI)                   \
	F(virConnectGetVersion)               \
	F(virConnectIsAlive)                  \
	F(virConnectListAllDomains)           \
	F(virConnectOpen)                     \
	F(virConnectOpenReadOnly)             \
	F(virConnectSetKeepAlive)             \
	F(virDomainAttachDeviceFlags)         \
	F(virDomainCreateWithFlags)           \
	F(virDomainDefineXMLFlags)            \
	F(virDomainDestroyFlags)              \
	F(virDomainDetachDeviceFlags)         \
	F(virDomainFree)                      \
	F(virDomainGetAutostart)              \
	F(virDomainGetJobStats)               \
	F(virDomainGetName)                   \
	F(virDomainGetState)                  \
	F(virDomainGetUUIDString)             \
	F(virDomainGetXMLDesc)                \
	F(virDomainHasManagedSaveImage)       \
	F(virDomainIsActive)                  \
	F(virDomainIsPersistent)              \
	F(virDomainLookupByUUIDString)        \
	F(virDomainShutdownFlags)             \
	F(virEventAddTimeout)                 \
	F(virEventRegisterDefaultImpl)        \
	F(virEventRemoveTimeout)              \
	F(virEventRunDefaultImpl)             \
	F(virGetLastError)                    \
	F(virResetLastError)                  \
	F(virSetErrorFunc)                    \
	F(virTypedParamsFree)                 \
	F(virTypedParamsGetInt)

struct libvirt_api {
#define F(name) __typeof__(name) *name;
	LIBVIRT_FUNCTIONS(F)
#undef F
};

/*
 * The table, the same at every call; libvirt's own printing of errors is off and its event loop is
 * registered. -ENOPKG: the library is not installed; -ENOSYS: it is too old, it lacks a function.
 */
int libvirt_api(const struct libvirt_api **ret);

#endif

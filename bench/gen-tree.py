#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates a file tree shaped like a Linux machine's /sys (and a little /proc) with any number of PCI functions.

usage: gen-tree.py OUT FUNCTIONS [--attrs full|lean] [--seed N] [--pci-ids FILE] [--per-domain N]
Result: OUT/sys and OUT/proc; usable as  ferry --from OUT,  lspci -O sysfs.path=OUT/sys/bus/pci,  lstopo --input OUT.

What it holds: several PCI domains (the last one five digits wide, as Intel VMD makes them), four root buses in each,
root ports, switches, conventional bridges, and behind them a fixed rota of cards: GPUs of four functions, NVMe disks,
SAS adapters with disks, USB controllers with devices, NICs of two ports with SR-IOV virtual functions. IOMMU groups,
drivers, NUMA nodes, class/net, class/block, bus/usb/devices point at them as the kernel's links do.
The same arguments give the same tree, byte for byte.
--attrs full  about 45 entries in each function's directory, as Linux 6.x has them; lean: only those that listers read.
"""
import argparse, os, random, struct, sys

ap = argparse.ArgumentParser()
ap.add_argument('out'); ap.add_argument('functions', type=int)
ap.add_argument('--attrs', choices=('full', 'lean'), default='full')
ap.add_argument('--seed', type=int, default=1)
ap.add_argument('--pci-ids', default='/usr/share/misc/pci.ids')
ap.add_argument('--per-domain', type=int, default=0, help='functions in one domain (default: chosen for the size)')
a = ap.parse_args()
rng = random.Random(a.seed)
full = a.attrs == 'full'
N = a.functions
per_domain = a.per_domain or max(48, min(4096, N // 3 + 1))
vfs_per_port = 4 if N <= 256 else 16 if N <= 4096 else 63

SYS = os.path.join(a.out, 'sys'); PROC = os.path.join(a.out, 'proc')
if os.path.exists(SYS): sys.exit(f'{SYS}: already there')

made = set()
def mkdir(p):
    if p in made: return
    parent = os.path.dirname(p)
    if parent and parent not in made and not os.path.isdir(parent): mkdir(parent)
    os.mkdir(p); made.add(p)
def put(p, data, mode=0o444):
    if isinstance(data, str): data = data.encode()
    fd = os.open(p, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    if data: os.write(fd, data)
    os.close(fd)
def link(p, target):            # target: path below SYS
    os.symlink(os.path.relpath(os.path.join(SYS, target), os.path.dirname(p)), p)

# --- names: real vendor/device/subsystem numbers so that name look-ups hit, plus a few that are in no list
ids = []
try:
    v = None
    for line in open(a.pci_ids, encoding='utf-8', errors='replace'):
        if line.startswith('C '): break
        if line[0] in '#\n': continue
        if line.startswith('\t\t'):
            s = line.split()
            if ids: ids[-1][2].append((int(s[0], 16), int(s[1], 16)))
        elif line[0] == '\t': ids.append((v, int(line[1:5], 16), []))
        else: v = int(line[:4], 16)
except OSError: pass
def any_id():
    if not ids or rng.random() < .02: return 0x1d0f, rng.randrange(0xf000, 0xffff), (0x1d0f, 0x1234)
    v, d, subs = ids[rng.randrange(len(ids))]
    return v, d, rng.choice(subs) if subs else (v, 0)

HOSTB = (0x1022, 0x1480, (0x1022, 0x1480)); RPORT = (0x1022, 0x1483, (0x1022, 0x1453))
SWUP = (0x1000, 0xc010, (0x1000, 0xa096)); SWDN = (0x1000, 0xc010, (0x1000, 0xa096))
PCIB = (0x104c, 0x8240, (0, 0))
GPU = [((0x10de, 0x1e07, (0x1458, 0x37a9)), 0x030000, 'nvidia'), ((0x10de, 0x10f7, (0x1458, 0x37a9)), 0x040300, 'snd_hda_intel'),
       ((0x10de, 0x1ad6, (0x1458, 0x37a9)), 0x0c0330, 'xhci_hcd'), ((0x10de, 0x1ad7, (0x1458, 0x37a9)), 0x0c8000, 'i2c_nvidia_gpu')]
NVME = ((0x144d, 0xa808, (0x144d, 0xa801)), 0x010802, 'nvme')
HBA = ((0x1000, 0x0097, (0x1000, 0x30e0)), 0x010700, 'mpt3sas')
XHCI = ((0x1022, 0x148c, (0x1022, 0x148c)), 0x0c0330, 'xhci_hcd')
NIC = ((0x8086, 0x1572, (0x8086, 0x0008)), 0x020000, 'i40e'); VF = ((0x8086, 0x154c, (0x8086, 0x0000)), 0x020000, 'iavf')

class Dev:
    __slots__ = 'dom bus df path id cls drv hdr sec sub group node rev kind irq pf vfs ptype'.split()
    def __init__(s, **k):
        s.hdr = 0; s.sec = s.sub = 0; s.drv = None; s.kind = ''; s.pf = None; s.vfs = []; s.ptype = 0; s.rev = rng.randrange(0, 4)
        for n, v in k.items(): setattr(s, n, v)
    @property
    def addr(s): return '%04x:%02x:%02x.%x' % (s.dom, s.bus, s.df >> 3, s.df & 7)

devs = []; groups = 0; irq = 24
class Full(Exception): pass
def add(**k):
    global irq
    if len(devs) >= N: raise Full
    d = Dev(**k); d.irq = irq; irq += 1; devs.append(d); return d
def newgroup():
    global groups
    groups += 1; return groups - 1

def card(kind, dom, bus, parent, node, port_group, acs):
    """The functions of one card on a bus; without ACS above them they share the port's group."""
    g = lambda: newgroup() if acs else port_group
    mk = lambda df, t, grp, **k: add(dom=dom, bus=bus, df=df, path=f'{parent}/%04x:%02x:%02x.%x' % (dom, bus, df >> 3, df & 7),
                                     id=t[0], cls=t[1], drv=t[2], group=grp, node=node, **k)
    if kind == 'gpu':
        grp = g()
        for f, t in enumerate(GPU): mk(f, t, grp, kind=['drm', 'sound', 'usb', ''][f])
    elif kind == 'nvme': mk(0, NVME, g(), kind='nvme')
    elif kind == 'hba': mk(0, HBA, g(), kind='scsi')
    elif kind == 'usb': mk(0, XHCI, g(), kind='usb')
    elif kind == 'any':
        i = any_id(); mk(0, (i, 0x118000, None), g())
    elif kind == 'pci':     # conventional bridge: all behind it share one group
        grp = g(); b = mk(0, (PCIB, 0x060400, None), grp, hdr=1, sec=bus + 1, sub=bus + 1, ptype=7)
        for n in range(3):
            i = any_id()
            add(dom=dom, bus=bus + 1, df=n * 8, path=f'{b.path}/%04x:%02x:%02x.0' % (dom, bus + 1, n), id=i, cls=0x040100, drv=None, group=grp, node=node)
    elif kind == 'nic':
        for f in (0, 1):
            pf = mk(f, NIC, g(), kind='net')
            for n in range(vfs_per_port):
                df = 16 + f * vfs_per_port + n
                if df > 255: break
                vf = mk(df, VF, newgroup() if acs else port_group, kind='net' if n % 2 else '', pf=pf)
                if n % 2 == 0: vf.drv = 'vfio-pci'
                pf.vfs.append(vf)

ROTA = ['nvme', 'nic', 'usb', 'gpu', 'any', 'hba', 'switch', 'any', 'nvme', 'pci', 'nic', 'any']
roots = []
try:
    dn = turn = 0; vmd = False
    while True:
        first = len(devs)
        dom = dn
        if not vmd and dn > 0 and N - len(devs) <= per_domain: vmd = True; dom = 0x10000
        for r in range(4):
            base = r * 64; top = f'devices/pci%04x:%02x' % (dom, base); node = (dn * 4 + r) % 4 if N > 64 else r % 2
            roots.append((dom, base, node)); free = base + 1
            add(dom=dom, bus=base, df=0, path=f'{top}/%04x:%02x:00.0' % (dom, base), id=HOSTB, cls=0x060000, group=newgroup(), node=node)
            for slot in range(1, 32):
                if len(devs) - first >= per_domain * (r + 1) // 4 or free > base + 60: break
                kind = ROTA[turn % len(ROTA)]; turn += 1
                acs = turn % 9 != 0
                width = {'switch': 6, 'pci': 2}.get(kind, 1)
                if free + width > base + 64: break
                pg = newgroup()
                rp = add(dom=dom, bus=base, df=slot << 3 | 1, path=f'{top}/%04x:%02x:%02x.1' % (dom, base, slot), id=RPORT, cls=0x060400, drv='pcieport',
                         hdr=1, sec=free, sub=free + width - 1, group=pg, node=node, ptype=4)
                bus = free; free += width
                if kind == 'switch':
                    up = add(dom=dom, bus=bus, df=0, path=f'{rp.path}/%04x:%02x:00.0' % (dom, bus), id=SWUP, cls=0x060400, drv='pcieport',
                             hdr=1, sec=bus + 1, sub=bus + 5, group=newgroup(), node=node, ptype=5)
                    for n in range(4):
                        dnp = add(dom=dom, bus=bus + 1, df=n << 3, path=f'{up.path}/%04x:%02x:%02x.0' % (dom, bus + 1, n), id=SWDN, cls=0x060400, drv='pcieport',
                                  hdr=1, sec=bus + 2 + n, sub=bus + 2 + n, group=newgroup(), node=node, ptype=6)
                        card('nvme', dom, bus + 2 + n, dnp.path, node, dnp.group, acs)
                else:
                    card(kind, dom, bus, rp.path, node, pg, acs)
        if dom == dn: dn += 1
except Full: pass

# --- config space
def config(d):
    c = bytearray(4096 if d.ptype or d.cls not in (0x060000, 0x040100) else 256)
    v, dev, (sv, sd) = d.id
    if d.pf is not None: struct.pack_into('<HH', c, 0, 0xffff, 0xffff)
    else: struct.pack_into('<HH', c, 0, v, dev)
    struct.pack_into('<HH', c, 4, 0x0406, 0x0010); c[8] = d.rev; c[9] = d.cls & 255; c[10] = d.cls >> 8 & 255; c[11] = d.cls >> 16
    c[12] = 16; c[14] = d.hdr | (0x80 if d.kind in ('drm', 'net') else 0)
    c[0x34] = 0x40; c[0x3c] = d.irq & 255; c[0x3d] = 1
    if d.hdr == 1: c[0x18], c[0x19], c[0x1a] = d.bus, d.sec, d.sub
    else:
        struct.pack_into('<III', c, 0x10, 0xfe000000 | d.bus << 16 | 0xc, 0x0000001f, 0); struct.pack_into('<HH', c, 0x2c, sv, sd)
    c[0x40:0x44] = b'\x01\x50\x03\xc8'; c[0x50:0x54] = b'\x05\x70\x80\x00'
    c[0x70], c[0x71] = 0x10, 0; struct.pack_into('<H', c, 0x72, 2 | d.ptype << 4); struct.pack_into('<I', c, 0x74, 0x10008fe2)
    if len(c) > 256:
        ext = [(0x0001, 2)] + ([(0x000d, 1)] if d.ptype in (4, 6) else [(0x000e, 1)]) + ([(0x0010, 1)] if d.vfs else [])
        at = 0x100
        for n, (cap, ver) in enumerate(ext):
            nxt = 0 if n + 1 == len(ext) else at + 0x60
            struct.pack_into('<I', c, at, cap | ver << 16 | nxt << 20)
            if cap == 0x0d: struct.pack_into('<HH', c, at + 4, 0x5f, 0x1d)
            if cap == 0x10: struct.pack_into('<HHH', c, at + 0xc, 64, 64, len(d.vfs))
            at += 0x60
    return bytes(c)

# --- writing
for p in ('bus/pci/devices', 'bus/pci/drivers', 'bus/pci/slots', 'bus/usb/devices', 'class/net', 'class/block', 'class/nvme', 'class/drm', 'class/sound', 'class/usbmisc',
          'class/scsi_host', 'class/pci_bus', 'class/iommu', 'block', 'kernel/iommu_groups', 'devices/system/cpu', 'devices/system/node', 'devices/virtual/iommu', 'module', 'dev/block', 'dev/char', 'bus/scsi/devices', 'firmware'):
    mkdir(f'{SYS}/{p}')
put(f'{SYS}/bus/pci/drivers_autoprobe', '1\n'); put(f'{SYS}/bus/pci/rescan', '', 0o200); put(f'{SYS}/bus/pci/uevent', '', 0o200)
drivers = set(); counts = dict(net=0, nvme=0, host=0, sd=0, usb=0, card=0, ctl=0)
grp_made = set()
def driver(drv, d, bus='pci'):
    p = f'bus/{bus}/drivers/{drv}'
    if (bus, drv) not in drivers:
        drivers.add((bus, drv)); mkdir(f'{SYS}/{p}')
        mod = drv.replace('-', '_')
        mkdir(f'{SYS}/module/{mod}') if not os.path.isdir(f'{SYS}/module/{mod}') else None
        link(f'{SYS}/{p}/module', f'module/{mod}')
        for n in ('bind', 'unbind', 'new_id', 'remove_id', 'uevent'): put(f'{SYS}/{p}/{n}', '', 0o200)
    if d is not None: link(f'{SYS}/{p}/{os.path.basename(d)}', d)
    return p
def leaf(path, uevent, files=(), subsystem=None):
    mkdir(f'{SYS}/{path}'); put(f'{SYS}/{path}/uevent', uevent)
    for n, v in files: put(f'{SYS}/{path}/{n}', v)
    if subsystem: link(f'{SYS}/{path}/subsystem', subsystem); link(f'{SYS}/{subsystem}/{os.path.basename(path)}', path)
def disk(path, name, major, minor, parts):
    size = 3907029168
    leaf(path, f'MAJOR={major}\nMINOR={minor}\nDEVNAME={name}\nDEVTYPE=disk\nDISKSEQ={minor + 1}\n',
         [('dev', f'{major}:{minor}\n'), ('size', f'{size}\n'), ('removable', '0\n'), ('ro', '0\n'), ('stat', '0 ' * 17 + '\n')], 'class/block')
    for s in ('queue', 'holders', 'slaves'): mkdir(f'{SYS}/{path}/{s}')
    put(f'{SYS}/{path}/queue/rotational', '0\n'); put(f'{SYS}/{path}/queue/logical_block_size', '512\n')
    link(f'{SYS}/block/{name}', path)
    for n in range(1, parts + 1):
        pn = f'{name}p{n}' if name[-1].isdigit() else f'{name}{n}'
        leaf(f'{path}/{pn}', f'MAJOR={major}\nMINOR={minor + n}\nDEVNAME={pn}\nDEVTYPE=partition\nPARTN={n}\n',
             [('dev', f'{major}:{minor + n}\n'), ('partition', f'{n}\n'), ('start', f'{2048 * n}\n'), ('size', f'{size // parts}\n')], 'class/block')

for d in devs:
    P = f'{SYS}/{d.path}'; mkdir(P)
    v, dev, (sv, sd) = d.id
    modalias = 'pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X' % (v, dev, sv, sd, d.cls >> 16, d.cls >> 8 & 255, d.cls & 255)
    uev = (f'DRIVER={d.drv}\n' if d.drv else '') + 'PCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\nPCI_SLOT_NAME=%s\nMODALIAS=%s\n' % (d.cls, v, dev, sv, sd, d.addr, modalias)
    put(f'{P}/uevent', uev, 0o644); put(f'{P}/config', config(d), 0o644)
    for n, t in (('vendor', '0x%04x\n' % v), ('device', '0x%04x\n' % dev), ('subsystem_vendor', '0x%04x\n' % sv), ('subsystem_device', '0x%04x\n' % sd),
                 ('class', '0x%06x\n' % d.cls), ('revision', '0x%02x\n' % d.rev), ('irq', f'{d.irq}\n'), ('numa_node', f'{d.node}\n'), ('modalias', modalias + '\n')):
        put(f'{P}/{n}', t)
    bar = 0xfe000000 + (d.df << 12)
    put(f'{P}/resource', '0x%016x 0x%016x 0x%016x\n' % (bar, bar + 0xffff, 0x14220c if not d.hdr else 0) + '0x0000000000000000 0x0000000000000000 0x0000000000000000\n' * (12 if not d.hdr else 16))
    link(f'{P}/subsystem', 'bus/pci')
    G = f'kernel/iommu_groups/{d.group}'
    if d.group not in grp_made:
        grp_made.add(d.group); mkdir(f'{SYS}/{G}/devices')
        put(f'{SYS}/{G}/type', 'DMA-FQ\n'); put(f'{SYS}/{G}/reserved_regions', '0x00000000fee00000 0x00000000feefffff msi\n')
    link(f'{SYS}/{G}/devices/{d.addr}', d.path); link(f'{P}/iommu_group', G)
    link(f'{SYS}/bus/pci/devices/{d.addr}', d.path)
    if d.drv: link(f'{P}/driver', driver(d.drv, d.path))
    if d.hdr == 1: leaf(f'{d.path}/pci_bus/%04x:%02x' % (d.dom, d.sec), '', [('cpuaffinity', 'ff\n'), ('cpulistaffinity', '0-7\n')], 'class/pci_bus')
    if d.pf is not None: link(f'{P}/physfn', d.pf.path)
    for n, f in enumerate(d.vfs): link(f'{P}/virtfn{n}', f.path)
    if d.cls == 0x020000 and d.pf is None:
        for n, t in (('sriov_numvfs', f'{len(d.vfs)}\n'), ('sriov_totalvfs', '64\n'), ('sriov_offset', '16\n'), ('sriov_stride', '1\n'), ('sriov_drivers_autoprobe', '1\n'), ('sriov_vf_device', '154c\n')):
            put(f'{P}/{n}', t)
    if full:
        put(f'{P}/driver_override', '(null)\n', 0o644); put(f'{P}/enable', '1\n', 0o644); put(f'{P}/remove', '', 0o200); put(f'{P}/rescan', '', 0o200)
        for n, t in (('ari_enabled', '0\n'), ('broken_parity_status', '0\n'), ('consistent_dma_mask_bits', '64\n'), ('d3cold_allowed', '1\n'), ('dma_mask_bits', '64\n'), ('local_cpulist', '0-31\n'),
                     ('local_cpus', 'ffffffff\n'), ('msi_bus', '1\n'), ('power_state', 'D0\n'), ('current_link_speed', '16.0 GT/s PCIe\n'), ('current_link_width', '16\n'), ('max_link_speed', '16.0 GT/s PCIe\n'),
                     ('max_link_width', '16\n'), ('aer_dev_correctable', 'RxErr 0\nTOTAL_ERR_COR 0\n'), ('aer_dev_fatal', 'TLP 0\nTOTAL_ERR_FATAL 0\n'), ('aer_dev_nonfatal', 'TLP 0\nTOTAL_ERR_NONFATAL 0\n')):
            put(f'{P}/{n}', t)
        if not d.hdr: put(f'{P}/reset', '', 0o200); put(f'{P}/reset_method', 'flr bus\n'); put(f'{P}/resource0', '')
        else: put(f'{P}/secondary_bus_number', f'{d.sec}\n'); put(f'{P}/subordinate_bus_number', f'{d.sub}\n')
        for s, fs in (('power', (('control', 'auto\n'), ('runtime_status', 'active\n'), ('runtime_enabled', 'enabled\n'), ('wakeup', 'disabled\n'), ('async', 'enabled\n'), ('runtime_usage', '0\n'))), ('link', (('l1_aspm', '0\n'), ('clkpm', '0\n'))), ('msi_irqs', ((str(d.irq), 'msix\n'),))):
            mkdir(f'{P}/{s}')
            for n, t in fs: put(f'{P}/{s}/{n}', t)
    # what hangs under it
    if d.kind == 'net':
        n = counts['net']; counts['net'] += 1; nm = f'eth{n}'
        leaf(f'{d.path}/net/{nm}', f'INTERFACE={nm}\nIFINDEX={n + 2}\n', [('address', '02:00:%02x:%02x:%02x:%02x\n' % (n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255)), ('operstate', 'up\n'), ('ifindex', f'{n + 2}\n'), ('type', '1\n'), ('flags', '0x1003\n'), ('speed', '10000\n'), ('mtu', '1500\n')], 'class/net')
        link(f'{P}/net/{nm}/device', d.path)
    elif d.kind == 'nvme':
        n = counts['nvme']; counts['nvme'] += 1
        leaf(f'{d.path}/nvme/nvme{n}', f'MAJOR=240\nMINOR={n}\nDEVNAME=nvme{n}\n', [('model', 'SAMSUNG MZVLB1T0HALR\n'), ('serial', f'S{n:08d}\n'), ('address', d.addr + '\n'), ('state', 'live\n')], 'class/nvme')
        link(f'{P}/nvme/nvme{n}/device', d.path)
        disk(f'{d.path}/nvme/nvme{n}/nvme{n}n1', f'nvme{n}n1', 259, n * 8, 3)
    elif d.kind == 'scsi':
        h = counts['host']; counts['host'] += 1
        leaf(f'{d.path}/host{h}', 'DEVTYPE=scsi_host\n')
        leaf(f'{d.path}/host{h}/scsi_host/host{h}', '', [('proc_name', 'mpt3sas\n')], 'class/scsi_host')
        for t in range(4):
            s = counts['sd']; counts['sd'] += 1; nm = ''; q = s
            while True:
                nm = chr(97 + q % 26) + nm; q = q // 26 - 1
                if q < 0: break
            base = f'{d.path}/host{h}/target{h}:0:{t}/{h}:0:{t}:0'
            leaf(base, 'DEVTYPE=scsi_device\nDRIVER=sd\n', [('model', 'ST16000NM002G\n'), ('vendor', 'SEAGATE\n'), ('type', '0\n')], 'bus/scsi/devices')
            disk(f'{base}/block/sd{nm}', f'sd{nm}', 8, s * 16, 1)
    elif d.kind == 'usb':
        b = counts['usb'] + 1; counts['usb'] += 1
        usb = lambda p, vid, pid, prod, num: leaf(p, f'MAJOR=189\nMINOR={num}\nDEVNAME=bus/usb/{b:03d}/{num:03d}\nDEVTYPE=usb_device\nDRIVER=usb\nPRODUCT={vid:x}/{pid:x}/100\nTYPE=9/0/1\nBUSNUM={b:03d}\nDEVNUM={num:03d}\n',
               [('idVendor', f'{vid:04x}\n'), ('idProduct', f'{pid:04x}\n'), ('product', prod + '\n'), ('busnum', f'{b}\n'), ('devnum', f'{num}\n'), ('bDeviceClass', '09\n'), ('speed', '480\n'), ('removable', 'fixed\n')], 'bus/usb/devices')
        r = f'{d.path}/usb{b}'; usb(r, 0x1d6b, 2, 'xHCI Host Controller', 1)
        leaf(f'{r}/{b}-0:1.0', 'DEVTYPE=usb_interface\nDRIVER=hub\n', [('bInterfaceClass', '09\n')], 'bus/usb/devices')
        usb(f'{r}/{b}-1', 0x046d, 0xc31c, 'USB Keyboard', 2)
        leaf(f'{r}/{b}-1/{b}-1:1.0', 'DEVTYPE=usb_interface\nDRIVER=usbhid\n', [('bInterfaceClass', '03\n')], 'bus/usb/devices')
    elif d.kind == 'drm':
        n = counts['card']; counts['card'] += 1
        leaf(f'{d.path}/drm/card{n}', f'MAJOR=226\nMINOR={n}\nDEVNAME=dri/card{n}\nDEVTYPE=drm_minor\n', [('dev', f'226:{n}\n')], 'class/drm'); put(f'{P}/boot_vga', '1\n' if n == 0 else '0\n')
    elif d.kind == 'sound':
        n = counts['ctl']; counts['ctl'] += 1
        leaf(f'{d.path}/sound/card{n}', '', [('id', f'NVidia{n}\n'), ('number', f'{n}\n')], 'class/sound')
for n in ('lo', 'br0'):
    leaf(f'devices/virtual/net/{n}', f'INTERFACE={n}\nIFINDEX=1\n', [('address', '00:00:00:00:00:00\n'), ('type', '772\n'), ('operstate', 'unknown\n')], 'class/net')
for dom, bus, node in roots:
    p = f'devices/pci%04x:%02x' % (dom, bus)
    if not os.path.isdir(f'{SYS}/{p}'): continue
    put(f'{SYS}/{p}/uevent', '')
    leaf(f'{p}/pci_bus/%04x:%02x' % (dom, bus), '', [('cpuaffinity', 'ff\n'), ('cpulistaffinity', '0-7\n')], 'class/pci_bus')

# --- processors and memory, enough for hwloc: 4 nodes of 8 CPUs
ncpu, nodes = 32, 4
C = f'{SYS}/devices/system/cpu'
for n in ('online', 'possible', 'present'): put(f'{C}/{n}', f'0-{ncpu - 1}\n')
put(f'{C}/kernel_max', '8191\n')
for c in range(ncpu):
    t = f'{C}/cpu{c}/topology'; mkdir(t); k = c // 8; m = lambda lo, n: '%08x\n' % (((1 << n) - 1) << lo)
    if c: put(f'{C}/cpu{c}/online', '1\n')
    for n, val in (('physical_package_id', f'{k}\n'), ('core_id', f'{c % 8}\n'), ('die_id', '0\n'), ('thread_siblings', m(c, 1)), ('core_cpus', m(c, 1)), ('core_siblings', m(k * 8, 8)), ('package_cpus', m(k * 8, 8)), ('thread_siblings_list', f'{c}\n'), ('core_siblings_list', f'{k * 8}-{k * 8 + 7}\n')):
        put(f'{t}/{n}', val)
D = f'{SYS}/devices/system/node'
for n in ('online', 'possible', 'has_cpu', 'has_memory', 'has_normal_memory'): put(f'{D}/{n}', f'0-{nodes - 1}\n')
for k in range(nodes):
    mkdir(f'{D}/node{k}')
    for n, val in (('cpumap', '%08x\n' % (0xff << k * 8)), ('cpulist', f'{k * 8}-{k * 8 + 7}\n'), ('distance', ' '.join('10' if j == k else '32' for j in range(nodes)) + '\n'), ('meminfo', f'Node {k} MemTotal:       65536000 kB\nNode {k} MemFree:        60000000 kB\n')):
        put(f'{D}/node{k}/{n}', val)
mkdir(PROC); mkdir(f'{PROC}/self')
put(f'{PROC}/meminfo', 'MemTotal:       262144000 kB\nMemFree:        240000000 kB\nHugepagesize:       2048 kB\n')
put(f'{PROC}/cpuinfo', ''.join(f'processor\t: {c}\nvendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 49\nmodel name\t: AMD EPYC\nphysical id\t: {c // 8}\ncore id\t\t: {c % 8}\n\n' for c in range(ncpu)))
put(f'{PROC}/cmdline', 'BOOT_IMAGE=/vmlinuz root=/dev/nvme0n1p2 ro amd_iommu=pgtbl_v1 iommu=pt\n'); put(f'{PROC}/mounts', '/dev/nvme0n1p2 / ext4 rw 0 0\n'); put(f'{PROC}/self/mountinfo', '21 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n')
put(f'{PROC}/version', 'Linux version 6.1.0-generated\n')
kinds = {}
for d in devs: kinds[d.kind or ('bridge' if d.hdr else '-')] = kinds.get(d.kind or ('bridge' if d.hdr else '-'), 0) + 1
print(f'{len(devs)} functions, {len({d.dom for d in devs})} domains, {len(grp_made)} groups, {sum(d.pf is not None for d in devs)} VFs, '
      f'{counts["net"]} nets, {counts["nvme"]} NVMe, {counts["sd"]} SCSI disks, {counts["usb"]} USB buses; deepest path {max(d.path.count("/") for d in devs) - 1}')

package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Each fence, by what the kernel says of a QEMU that runs in one, as root. */
final class JailTest {
    private static final String NOTHING = "0000000000000000";

    private static MachineSpec spec;
    private static Machines machines;
    private static Machine machine;
    private static ProcessView qemu;

    @BeforeAll
    static void boot() throws Exception {
        TestGuest.needAll();
        if (!"root".equals(System.getProperty("user.name"))) {
            TestGuest.skip("jails of root not tried: run the tests as root");
        }
        spec = BootedGuest.here().spec();
        machines = BootedGuest.here().machines();
        machine = machines.boot(spec, Accelerator.TCG);
        qemu = new ProcessView(machine.process().pid());
    }

    @AfterAll
    static void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void itHasAUserThatNobodyElseHasAndNoGroups() throws Exception {
        String uid = qemu.status().get("Uid").split("\t", -1)[0];
        assertTrue(Integer.parseInt(uid) >= JailSettings.DEFAULT.firstUid(), uid);
        assertEquals(String.join("\t", List.of(uid, uid, uid, uid)), qemu.status().get("Uid"));
        assertEquals(qemu.status().get("Uid"), qemu.status().get("Gid"));
        assertEquals("", qemu.status().get("Groups"));
        try (Machine other = machines.boot(spec, Accelerator.TCG)) {
            ProcessView second = new ProcessView(other.process().pid());
            assertNotEquals(qemu.status().get("Uid"), second.status().get("Uid"));
        }
    }

    @Test
    void itHasNoCapabilityAndCanGetNone() throws Exception {
        for (String set : ProcessView.CAPABILITIES) {
            assertEquals(NOTHING, qemu.status().get(set), set);
        }
        assertEquals("1", qemu.status().get("NoNewPrivs"));
    }

    @Test
    void itsSystemCallsAreFiltered() throws Exception {
        assertEquals("2", qemu.status().get("Seccomp"));
        assertTrue(String.join("", qemu.lines("cmdline")).contains("elevateprivileges=deny"));
    }

    @Test
    void itSharesNoNamespaceWithUs() throws Exception {
        ProcessView us = new ProcessView(ProcessHandle.current().pid());
        for (String kind : List.of("mnt", "pid", "ipc", "uts", "net")) {
            assertNotEquals(us.namespace(kind), qemu.namespace(kind), kind);
        }
        assertTrue(qemu.status().get("NSpid").endsWith("\t1"), qemu.status().get("NSpid"));
    }

    @Test
    void itSeesNoNetworkAtAll() throws Exception {
        List<String> devices = qemu.lines("net/dev");
        assertEquals(3, devices.size(), devices.toString());
        assertTrue(devices.getLast().strip().startsWith("lo:"), devices.toString());
    }

    @Test
    void itSeesOnlyWhatItNeeds() throws Exception {
        TreeSet<String> root = qemu.names("");
        assertTrue(
                Set.of(
                                "base",
                                "code",
                                "dev",
                                "initramfs",
                                "kernel",
                                "lib",
                                "lib64",
                                "memory",
                                "old",
                                "proc",
                                "run",
                                "template.so",
                                "usr")
                        .containsAll(root),
                root.toString());
        assertEquals(Set.of(), qemu.names("old"));
        assertEquals(new TreeSet<>(JailCommand.DEVICES), qemu.names("dev"));
        assertFalse(qemu.sees("proc/self"));
        assertFalse(qemu.sees("usr/bin/sh"));
        assertFalse(qemu.sees("etc"));
    }

    @Test
    void itCanWriteNothingButItsMemory() throws Exception {
        for (String mount : qemu.lines("mountinfo")) {
            String[] words = mount.split(" ", -1);
            boolean readOnly = words[5].startsWith("ro,");
            boolean mayWrite = words[4].equals("/memory") || words[4].startsWith("/dev/");
            assertTrue(readOnly || mayWrite, mount);
            assertTrue(words[5].contains("nosuid"), mount);
        }
    }

    @Test
    void itsLimitsAreLow() throws Exception {
        List<String> limits =
                qemu.lines("limits").stream().map(l -> l.replaceAll(" +", " ")).toList();
        assertTrue(limits.contains("Max core file size 0 0 bytes "), limits.toString());
        assertTrue(limits.contains("Max open files 256 256 files "), limits.toString());
        assertTrue(limits.contains("Max file size 0 0 bytes "), limits.toString());
        assertTrue(limits.contains("Max processes 100 100 processes "), limits.toString());
    }

    @Test
    void itsCgroupsHaveTheLimits() throws Exception {
        CgroupMounts mounts =
                CgroupMounts.of(
                        Files.readAllLines(Path.of("/proc/self/mountinfo")), qemu.lines("cgroup"));
        CgroupLimits limits = CgroupLimits.of(spec.memoryBytes(), Accelerator.TCG);
        assertTrue(limits.memoryBytes() <= spec.memoryBytes() + (128L << 20));
        for (var place : mounts.places().entrySet()) {
            if (!machines.jail().holds(place.getKey().fence())) {
                continue;
            }
            Path folder = place.getValue().own();
            boolean second = place.getValue().unified();
            switch (place.getKey()) {
                case MEMORY ->
                        assertLimit(
                                folder.resolve(second ? "memory.max" : "memory.limit_in_bytes"),
                                Long.toString(limits.memoryBytes()));
                case CPU ->
                        assertLimit(
                                folder.resolve(second ? "cpu.max" : "cpu.cfs_quota_us"),
                                second ? "100000 100000" : "100000");
                case PIDS -> assertLimit(folder.resolve("pids.max"), "100");
                case IO ->
                        assertTrue(
                                Files.readString(
                                                folder.resolve(
                                                        second
                                                                ? "io.max"
                                                                : "blkio.throttle.read_bps_device"))
                                        .contains(Long.toString(128L << 20)));
            }
        }
        for (Fence fence : List.of(Fence.CGROUP_MEMORY, Fence.CGROUP_CPU, Fence.CGROUP_PIDS)) {
            assertTrue(machines.jail().holds(fence), machines.jail().flaws().toString());
        }
    }

    private static void assertLimit(Path file, String value) throws IOException {
        assertEquals(value, Files.readString(file).strip(), file.toString());
    }

    @Test
    void noFenceIsMissing() {
        List<String> flaws = machines.jail().flaws();
        assertTrue(
                flaws.isEmpty() || flaws.stream().allMatch(f -> f.startsWith("no cgroup-io")),
                flaws.toString());
    }

    @Test
    void itHasNothingOfOursOpen() throws Exception {
        Set<String> files = Set.of("/dev/null", "/memory", "/code", "/base");
        for (String open : qemu.open()) {
            boolean own =
                    open.startsWith("anon_inode:")
                            || open.startsWith("socket:")
                            || open.startsWith("pipe:")
                            || files.contains(open);
            assertTrue(own, open);
        }
    }

    @Test
    void itGetsNothingOfOurEnvironment() throws Exception {
        String environment = String.join("", qemu.lines("environ"));
        assertFalse(environment.contains("JAVA"), environment);
        assertFalse(environment.contains("HOME"), environment);
    }

    @Test
    void theReportNamesWhatHolds() {
        String fences = machines.jail().fences();
        assertTrue(
                fences.startsWith(
                        "uid,root,pid-namespace,network-namespace,ipc-namespace,capabilities,"
                                + "no-new-privileges,seccomp,rlimits,cgroup-memory,cgroup-cpu"),
                fences);
    }
}

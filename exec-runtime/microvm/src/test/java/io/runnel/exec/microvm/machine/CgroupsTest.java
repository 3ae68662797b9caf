package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.microvm.machine.CgroupMounts.Controller;
import io.runnel.exec.microvm.machine.CgroupMounts.Place;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Both versions of cgroups, one of which the computer has; files stand for the other. */
final class CgroupsTest {
    private static final List<String> FIRST =
            List.of(
                    "22 27 0:21 / /proc rw,relatime - proc proc rw",
                    "40 32 0:35 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
                    "41 32 0:36 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory",
                    "42 32 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw");
    private static final List<String> SECOND =
            List.of("30 24 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate");
    private static final CgroupLimits LIMITS = new CgroupLimits(256 << 20, 100, 100, 1 << 20);

    @TempDir Path dir;

    @Test
    void eachControllerOfTheFirstVersionHasItsOwnPlace() {
        CgroupMounts mounts =
                CgroupMounts.of(FIRST, List.of("4:memory:/a/b", "1:cpu,cpuacct:/", "0::/ignored"));
        Place memory = mounts.places().get(Controller.MEMORY);
        assertEquals(Path.of("/sys/fs/cgroup/memory/a/b"), memory.parent());
        assertFalse(memory.unified());
        assertEquals(
                Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                mounts.places().get(Controller.CPU).parent());
        // Not mounted with the first version: the second one may have it.
        assertTrue(mounts.places().get(Controller.PIDS).unified());
    }

    @Test
    void withTheSecondVersionMachinesAreBesideUs() {
        CgroupMounts mounts = CgroupMounts.of(SECOND, List.of("0::/system.slice/node.service"));
        for (Controller controller : Controller.values()) {
            assertEquals(
                    Path.of("/sys/fs/cgroup/system.slice"),
                    mounts.places().get(controller).parent());
        }
        assertEquals(
                Path.of("/sys/fs/cgroup"),
                CgroupMounts.of(SECOND, List.of("0::/")).places().get(Controller.PIDS).parent());
    }

    @Test
    void aContainerSeesAPartOfTheTree() {
        List<String> mounts = List.of("41 32 0:36 /docker/1 /cg/memory rw - cgroup c rw,memory");
        CgroupMounts here = CgroupMounts.of(mounts, List.of("4:memory:/docker/1/x"));
        assertEquals(Path.of("/cg/memory/x"), here.places().get(Controller.MEMORY).own());
        here = CgroupMounts.of(mounts, List.of("4:memory:/../elsewhere"));
        assertTrue(here.places().get(Controller.MEMORY).own().startsWith("/cg/memory"));
    }

    @Test
    void nonsenseIsNoCgroup() {
        assertEquals(
                Map.of(), CgroupMounts.of(List.of("", "- cgroup", "a b c"), List.of(":")).places());
    }

    @Test
    void limitsOfTheSecondVersion() throws Exception {
        Files.writeString(dir.resolve("memory.swap.max"), "max");
        for (Controller controller : Controller.values()) {
            CgroupFiles.limit(controller, true, dir, LIMITS, Optional.of("8:0"));
        }
        assertEquals("268435456", Files.readString(dir.resolve("memory.max")));
        assertEquals("0", Files.readString(dir.resolve("memory.swap.max")));
        assertEquals("100", Files.readString(dir.resolve("pids.max")));
        assertEquals("100000 100000", Files.readString(dir.resolve("cpu.max")));
        assertEquals("100", Files.readString(dir.resolve("cpu.weight")));
        assertEquals("8:0 rbps=1048576 wbps=1048576", Files.readString(dir.resolve("io.max")));
    }

    @Test
    void limitsOfTheFirstVersion() throws Exception {
        for (Controller controller : Controller.values()) {
            CgroupFiles.limit(controller, false, dir, LIMITS, Optional.of("8:0"));
        }
        assertEquals("268435456", Files.readString(dir.resolve("memory.limit_in_bytes")));
        assertFalse(Files.exists(dir.resolve("memory.memsw.limit_in_bytes")));
        assertEquals("1024", Files.readString(dir.resolve("cpu.shares")));
        assertEquals("100000", Files.readString(dir.resolve("cpu.cfs_quota_us")));
        assertEquals(
                "8:0 1048576", Files.readString(dir.resolve("blkio.throttle.read_bps_device")));
    }

    private Cgroups unified(String controllers) throws IOException {
        Path own = Files.createDirectories(dir.resolve("tree/node"));
        Path made = Files.createDirectories(dir.resolve("tree/runnel-x"));
        Files.writeString(made.resolve("cgroup.controllers"), controllers);
        Place place = new Place(true, dir, own);
        return Cgroups.open(
                "x", new CgroupMounts(Map.of(Controller.MEMORY, place, Controller.PIDS, place)));
    }

    @Test
    void whatAParentDoesNotHaveIsMissing() throws Exception {
        Cgroups cgroups = unified("cpu pids\n");
        assertEquals(
                Set.of(Fence.CGROUP_MEMORY, Fence.CGROUP_CPU, Fence.CGROUP_IO),
                cgroups.missing().keySet());
        assertEquals("no such controller is mounted", cgroups.missing().get(Fence.CGROUP_CPU));
        assertEquals(
                "+pids", Files.readString(dir.resolve("tree/runnel-x/cgroup.subtree_control")));
    }

    @Test
    void controllersOfOneTreeShareAFolder() throws Exception {
        Cgroup cgroup = unified("memory pids").make("m1", LIMITS, Optional.empty());
        Path folder = dir.resolve("tree/runnel-x/m1");
        assertEquals(Set.of(folder), cgroup.folders());
        assertEquals("100", Files.readString(folder.resolve("pids.max")));
        Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill 0\n");
        assertFalse(cgroup.ranOutOfMemory());
        Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill 1\n");
        assertTrue(cgroup.ranOutOfMemory());
    }

    @Test
    void aCgroupThatIsThereIsNotTakenOver() throws Exception {
        Cgroups cgroups = unified("memory pids");
        Files.createDirectories(dir.resolve("tree/runnel-x/m1"));
        assertThrows(IOException.class, () -> cgroups.make("m1", LIMITS, Optional.empty()));
        assertTrue(Files.exists(dir.resolve("tree/runnel-x/m1")));
    }

    @Test
    void cgroupsOfARunThatStoodElsewhereAreRemoved() throws Exception {
        Path record = dir.resolve("record");
        Path elsewhere = Files.createDirectories(dir.resolve("elsewhere/runnel-x"));
        Path machine = Files.createDirectories(elsewhere.resolve("m3"));
        Path another = Files.createDirectories(dir.resolve("elsewhere/runnel-y/m3"));
        Files.write(
                record,
                List.of(elsewhere.toString(), another.getParent().toString(), "", "x", "/none"));
        assertEquals(1, unified("memory pids").endLeftovers(record));
        assertFalse(Files.exists(machine) || Files.exists(elsewhere));
        assertTrue(Files.exists(another));
        assertEquals(List.of(dir.resolve("tree/runnel-x").toString()), Files.readAllLines(record));
    }
}

package io.runnel.exec.microvm.image;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The base images that can be built, of packages of Debian 12; the smallest first. */
@SuppressWarnings("ImmutableEnumChecker") // Each is List.of or Set.of.
public enum ImageRecipe {
    /** A shell and small tools, in one static program. */
    BUSYBOX("busybox", List.of("busybox-static"), Set.of(), Set.of()),
    /**
     * What programs in C, C++, Go and Rust are linked with, bash and curl: as AWS's {@code
     * provided}.
     */
    PROVIDED(
            "provided",
            List.of("busybox-static", "bash", "curl", "libstdc++6", "ca-certificates"),
            Set.of("debconf", "openssl", "mawk", "base-files", "debianutils"),
            Set.of("bash", "curl", Loader.NAME)),
    /** Python with its standard library, compiled. */
    PYTHON3(
            "python3",
            List.of("busybox-static", "python3", "ca-certificates"),
            Set.of(
                    "debconf",
                    "openssl",
                    "dpkg",
                    "tar",
                    "libacl1",
                    "libmd0",
                    "libpcre2-8-0",
                    "libselinux1",
                    "libzstd1",
                    "readline-common"),
            Set.of("python3", "python3.11", Loader.NAME)),
    /** Node.js, without npm. */
    NODE(
            "node",
            List.of("busybox-static", "nodejs", "ca-certificates"),
            Set.of("debconf", "openssl"),
            Set.of("node", "nodejs", Loader.NAME));

    private static final Set<String> IN_ALL = Set.of("sh", "ash", "awk", "busybox", "env", "sed");

    private static final class Loader {
        private static final String NAME = "ld-linux-x86-64.so.2";
    }

    private final String label;
    private final List<String> packages;
    private final Set<String> left;
    private final Set<String> programs;

    ImageRecipe(String label, List<String> packages, Set<String> left, Set<String> programs) {
        this.label = label;
        this.packages = packages;
        this.left = left;
        this.programs = programs;
    }

    /** As people write it. */
    public String label() {
        return label;
    }

    /** The recipe that people write so. */
    public static Optional<ImageRecipe> ofLabel(String label) {
        return Arrays.stream(values()).filter(recipe -> recipe.label.equals(label)).findFirst();
    }

    /** What is asked for; what these depend on comes along. */
    List<String> packages() {
        return packages;
    }

    /** What comes along and is left out: it serves to install packages, or to be read. */
    Set<String> left() {
        return left;
    }

    /** The smallest one that would have all of it. */
    static Optional<ImageRecipe> offering(BootstrapNeeds needs) {
        return Arrays.stream(values())
                .filter(recipe -> needs.files().stream().allMatch(recipe::hasFile))
                .filter(recipe -> needs.commands().stream().allMatch(recipe::hasProgram))
                .findFirst();
    }

    private boolean hasFile(String path) {
        int name = path.lastIndexOf('/') + 1;
        String folder = path.substring(0, name);
        boolean loader = folder.equals("/lib64/") || folder.equals("/usr/lib64/");
        boolean common = folder.equals("/bin/") || folder.equals("/usr/bin/");
        String file = path.substring(name);
        return (file.equals(Loader.NAME) ? loader : common) && hasProgram(file);
    }

    private boolean hasProgram(String name) {
        return IN_ALL.contains(name) || programs.contains(name);
    }
}

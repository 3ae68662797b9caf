package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** Jars whose programs are {@link FakeNode}s, made of the classes of this test. */
public final class FakeInstallation {
    private FakeInstallation() {}

    /** Makes {@code lib/} in this folder; the folder is the launcher's as well. */
    public static Installation in(Path folder) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (String name : new String[] {"runnel-pop-node.jar", "runnel-region-server.jar"}) {
            makeJar(lib.resolve(name));
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new Installation(java, folder, folder, Optional.empty());
    }

    private static void makeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, FakeNode.class.getName());
        attributes.put(Attributes.Name.CLASS_PATH, classPath());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }
}

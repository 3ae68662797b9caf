package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Loads the classes of one compiled module, and goes with it: when no instance is left, they are
 * unloaded. The JVM verifies them.
 */
final class ProgramLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    private ProgramLoader(CompiledClasses compiled) {
        super("guest", Instance.class.getClassLoader());
        this.classes = new ConcurrentHashMap<>(compiled.classes());
    }

    /**
     * Loads all of it.
     *
     * @return makes a machine for an instance
     * @throws CodeRejectedException if the JVM does not take the classes
     */
    static Function<Instance, Machine> load(CompiledClasses compiled) throws CodeRejectedException {
        ProgramLoader loader = new ProgramLoader(compiled);
        try {
            for (String name : compiled.classes().keySet()) {
                Class.forName(name, true, loader);
            }
            Constructor<? extends Machine> constructor =
                    Class.forName(compiled.main(), true, loader)
                            .asSubclass(Machine.class)
                            .getConstructor(Instance.class);
            return instance -> machine(constructor, instance);
        } catch (LinkageError e) {
            throw new CodeRejectedException(
                    Code.UNSUPPORTED, "cannot be compiled: " + e.getClass().getSimpleName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not as the compiler makes them", e);
        }
    }

    private static Machine machine(Constructor<? extends Machine> constructor, Instance instance) {
        try {
            return constructor.newInstance(instance);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not as the compiler makes them", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = classes.remove(name);
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, file, 0, file.length);
    }
}

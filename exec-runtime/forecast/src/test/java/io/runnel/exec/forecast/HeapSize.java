package io.runnel.exec.forecast;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The bytes of an object and all that it alone refers to, by HotSpot's layout with compressed
 * references: a header of 12 bytes (16 of an array), fields of their own size, 8-byte steps.
 */
final class HeapSize {
    private static final int HEADER = 12;
    private static final int ARRAY_HEADER = 16;
    private static final int REFERENCE = 4;

    private HeapSize() {}

    /** Enumeration constants and {@code shared} objects are not counted. */
    static long of(Object root, Object... shared) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Collections.addAll(seen, shared);
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        long bytes = 0;
        while (!open.isEmpty()) {
            Object next = open.pop();
            if (!(next instanceof Enum) && seen.add(next)) {
                bytes += next.getClass().isArray() ? array(next, open) : object(next, open);
            }
        }
        return bytes;
    }

    private static long array(Object array, Deque<Object> open) {
        Class<?> component = array.getClass().getComponentType();
        int length = Array.getLength(array);
        for (int i = 0; i < length && !component.isPrimitive(); i++) {
            if (Array.get(array, i) != null) {
                open.add(Array.get(array, i));
            }
        }
        return length == 0 ? 0 : rounded(ARRAY_HEADER + (long) length * size(component));
    }

    private static long object(Object object, Deque<Object> open) throws IllegalAccessException {
        long bytes = HEADER;
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    bytes += size(field.getType());
                    follow(object, field, open);
                }
            }
        }
        return rounded(bytes);
    }

    private static void follow(Object object, Field field, Deque<Object> open)
            throws IllegalAccessException {
        if (!field.getType().isPrimitive()) {
            field.setAccessible(true);
            Object value = field.get(object);
            if (value != null) {
                open.add(value);
            }
        }
    }

    private static int size(Class<?> type) {
        if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        if (type == int.class || type == float.class) {
            return Integer.BYTES;
        }
        if (type == short.class || type == char.class) {
            return Short.BYTES;
        }
        return type == byte.class || type == boolean.class ? 1 : REFERENCE;
    }

    private static long rounded(long bytes) {
        return (bytes + 7) / 8 * 8;
    }
}

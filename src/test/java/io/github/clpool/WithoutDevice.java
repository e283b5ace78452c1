package io.github.clpool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * For tests to which devices make no difference, or none once their bits are those of the
 * reference: runs that try one alone leave them out.
 */
@Tag("without-device")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithoutDevice {}

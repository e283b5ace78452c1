package io.github.clpool.cli;

import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.Launch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anarres.cpp.DefaultPreprocessorListener;
import org.anarres.cpp.LexerException;
import org.anarres.cpp.Preprocessor;
import org.anarres.cpp.Source;
import org.anarres.cpp.StringLexerSource;
import org.anarres.cpp.Token;

/** What a kernel calls its arguments, once the macros of a launch are in place. Stateless. */
final class ParameterNames {
  private static final Pattern LAST_WORD = Pattern.compile("(\\w+)\\s*$");

  private ParameterNames() {}

  static List<String> of(Launch launch) {
    Matcher kernel =
        Pattern.compile("\\bvoid\\s+" + launch.kernel() + "\\s*\\(([^)]*)\\)")
            .matcher(preprocessed(launch));
    if (!kernel.find()) {
      throw new IllegalStateException(launch.file() + " has no kernel " + launch.kernel());
    }
    List<String> names = new ArrayList<>();
    for (String parameter : kernel.group(1).split(",")) {
      Matcher name = LAST_WORD.matcher(parameter);
      if (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }

  private static String preprocessed(Launch launch) {
    KernelSource source = KernelSource.load(launch.file(), launch.reduction().orElse(null));
    StringBuilder text = new StringBuilder();
    try (Preprocessor preprocessor = new Preprocessor(new StringLexerSource(source.text(), true))) {
      preprocessor.setListener(new Listener());
      for (Map.Entry<String, String> macro : launch.macros().entrySet()) {
        preprocessor.addMacro(macro.getKey(), macro.getValue());
      }
      for (Token token = preprocessor.token();
          token.getType() != Token.EOF;
          token = preprocessor.token()) {
        text.append(token.getText());
      }
    } catch (IOException | LexerException failed) {
      throw new IllegalStateException(launch.file() + " cannot be read", failed);
    }
    return text.toString();
  }

  /** OpenCL's pragmas are unknown to a preprocessor of C. */
  private static final class Listener extends DefaultPreprocessorListener {
    @Override
    public void handleWarning(Source source, int line, int column, String message) {
      // compilers of OpenCL know better
    }

    @Override
    public void handleError(Source source, int line, int column, String message)
        throws LexerException {
      throw new LexerException(line + ":" + column + ": " + message);
    }
  }
}

using System.Buffers;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Templates;

/// <summary>
/// Reads what stands between the delimiters of a template as an expression: constants, names, steps from one to the next, calls, filters.
/// Showing a field, through
/// filters and with functions of the page's own, is what templates are for; an attack computes with constants to see whether anything computes,
/// steps from a
/// constant to what it is made of, or reaches for what runs programs.
/// </summary>
internal ref struct TemplateExpression(ReadOnlySpan<byte> body)
{
    private const int LongestOperators = 4;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_$"u8);
    private static readonly SearchValues<byte> PathEnds = SearchValues.Create(" |,)}]"u8);
    private static readonly SearchValues<byte> ArithmeticSigns = SearchValues.Create("*+-/%~^&"u8);

    private readonly ReadOnlySpan<byte> _body = body;
    private int _at = 0;
    private Operand _last = Operand.None;
    private int _operators = 0;
    private bool _isArithmetic = false;

    private enum Operand : byte
    {
        None,
        Number,
        Text,
        Name,
        Closed,
    }

    /// <summary>Whether it does what templates of pages have no need for.</summary>
    /// <param name="isScript">Whether the delimiters hold programs of a language, as those of server pages do.</param>
    public bool IsActive(bool isScript)
    {
        while (_at < _body.Length)
        {
            var b = _body[_at];
            if (b is (byte)'\'' or (byte)'"')
            {
                if (ReadText(b))
                {
                    return true;
                }
            }
            else if (AsciiByte.IsDigit(b))
            {
                if (ReadNumber())
                {
                    return true;
                }
            }
            else if (NameBytes.Contains(b))
            {
                if (ReadName(isScript))
                {
                    return true;
                }
            }
            else if (ReadSign(b, isScript))
            {
                return true;
            }
        }

        return false;
    }

    // A constant behind a constant and a sign is arithmetic that needs no template. Dates, ranges and versions are written with signs as well,
    // without space or product.
    private bool ReadNumber()
    {
        var start = _at;
        while (_at < _body.Length && (AsciiByte.IsAlphanumeric(_body[_at]) || (_body[_at] == '.' && _at + 1 < _body.Length
            && AsciiByte.IsDigit(_body[_at + 1]))))
        {
            _at++;
        }

        var isComputed = _isArithmetic && _last is Operand.Number or Operand.Text or Operand.Closed && start > 0;

        // What is computed from a field is a field.
        Set(_isArithmetic && _last is Operand.Name ? Operand.Name : Operand.Number);
        return isComputed;
    }

    private bool ReadText(byte quote)
    {
        var start = _at + 1;
        var length = _body[start..].IndexOf(quote);
        var end = length < 0 ? _body.Length : start + length;
        var content = _body[start..end];
        _at = Math.Min(_body.Length, end + 1);

        // The name of a step or of a filter may be written as a text: ['__class__'], map('system').
        var isName = content.Length > 3 && (TemplateNames.Find(content) == TemplateName.Reflection
            || (start > 1 && _body[start - 2] is (byte)'(' or (byte)'['
            && content.SequenceEqual("system"u8) | content.SequenceEqual("exec"u8) | content.SequenceEqual("passthru"u8)));
        var isComputed = _isArithmetic && _last is Operand.Number;
        var next = _at < _body.Length ? _body[_at] : (byte)0;
        var isStepped = next == '.' || (next == '[' && _last == Operand.None) || (next == '?' && _at + 1 < _body.Length
            && AsciiByte.IsLetter(_body[_at + 1]));
        Set(Operand.Text);
        return isName || isComputed || isStepped;
    }

    private bool ReadName(bool isScript)
    {
        var start = _at;
        var length = _body[start..].IndexOfAnyExcept(NameBytes);
        _at = length < 0 ? _body.Length : start + length;
        var name = _body[start.._at];
        var isStep = start > 0 && _body[start - 1] is (byte)'.' or (byte)'?' or (byte)'@';
        var isFirst = _last == Operand.None && !isStep;
        Set(name.SequenceEqual("in"u8) ? Operand.None : Operand.Name);
        var rest = _body[_at..];
        var isCalled = rest is [(byte)'(', ..] || (rest is [(byte)' ', (byte)'\'' or (byte)'"' or (byte)'`', ..] && name.Length > 3)
            || (isScript && isFirst && rest is [(byte)' ', >= (byte)'a' and <= (byte)'z', ..]);
        switch (TemplateNames.Find(name))
        {
            case TemplateName.Reflection:
                return isStep || isCalled || name.StartsWith("_"u8) || name.Length > 9 || isScript;
            case TemplateName.Power:
                return isCalled && !(isStep && name.SequenceEqual("open"u8));
            case TemplateName.Files:
                return isScript && rest is [(byte)'.', ..] && rest.IndexOfAny("('\""u8) > 0;
            case TemplateName.Engine:
                // The whole of it, a method of it, or a part of a part.
                return isFirst && ((rest.Trim(" %-"u8).IsEmpty && name.Length > 3) || rest is [(byte)'[', ..] || IsDeep(rest));
            default:
                return (name.SequenceEqual("t"u8) && rest.StartsWith("(java"u8))
                    || (name.SequenceEqual("new"u8) && (isStep ? rest.StartsWith("()"u8) : IsConstruction(rest)))
                    || (name.SequenceEqual("attr"u8) && _body[..start].TrimEnd((byte)' ').EndsWith("|"u8));
        }
    }

    // "new File('/x')": programs make dates and sets where they show them, and hardly anything from a constant with a path.
    private static bool IsConstruction(ReadOnlySpan<byte> rest)
    {
        var open = rest.IndexOf((byte)'(');
        return open > 0 && rest[..open].TrimStart((byte)' ') is { Length: > 0 } type && !type.SequenceEqual("date"u8) && !type.StartsWith("intl."u8)
            && rest[(open + 1)..] is [(byte)'\'' or (byte)'"', ..];
    }

    // "config.items()", "self.template.module", "request.application.x": a call or a third step.
    private static bool IsDeep(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(PathEnds);
        var path = end < 0 ? rest : rest[..end];
        return path is [(byte)'.', ..] && (path.Contains((byte)'(') || path.IndexOf(".request"u8) >= 0 || path.IndexOf("secret"u8) > 0
            || path.IndexOf("._"u8) >= 0);
    }

    private bool ReadSign(byte b, bool isScript)
    {
        _at++;
        switch (b)
        {
            case (byte)'`':
                return isScript && _body[_at..].IndexOf((byte)'`') > 0;
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                return false;
            case (byte)')' or (byte)']':
                _last = _last is Operand.Number or Operand.Text ? Operand.Closed : Operand.Name;
                return false;
            case (byte)'(' or (byte)'[' or (byte)'{' or (byte)',' or (byte)';' or (byte)'|' or (byte)'=' or (byte)':':
                (_last, _operators, _isArithmetic) = (b is (byte)'('
                && _last == Operand.None ? Operand.None : _last == Operand.None ? Operand.None : Operand.Name, 0, false);
                return false;
            default:
                _isArithmetic = ArithmeticSigns.Contains(b) && _operators < LongestOperators;
                _operators++;
                return false;
        }
    }

    private void Set(Operand operand) => (_last, _operators, _isArithmetic) = (operand, 0, false);
}

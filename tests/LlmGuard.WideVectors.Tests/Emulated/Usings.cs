// A name given here is looked at before those of System.Runtime.Intrinsics.X86.
global using Avx512BW = LlmGuard.WideVectors.Tests.Emulated.Avx512BW;
global using Avx512F = LlmGuard.WideVectors.Tests.Emulated.Avx512F;
global using Avx512Vbmi = LlmGuard.WideVectors.Tests.Emulated.Avx512Vbmi;
global using Avx512Vbmi2 = LlmGuard.WideVectors.Tests.Emulated.Avx512Vbmi2;

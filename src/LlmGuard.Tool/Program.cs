using LlmGuard.Tool;

return await Entry.RunAsync(args, ToolConsole.OfProcess()).ConfigureAwait(false);

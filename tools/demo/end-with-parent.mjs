// Loaded into the demo's children: they end with it even when it is killed and can end nobody.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref(); // the channel alone keeps nobody running
}

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useLanes } from "./asking";

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    staleTime: 0,
    queryFn: ({ signal }) => answerOf(api.GET("/webhooks", { signal })),
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ["http-channels"],
    queryFn: ({ signal }) => answerOf(api.GET("/http-channels", { signal })),
  });
}

// Which webhook or channel a lane belongs to, in words; the lane of something else stands by its
// kind.
export function useWhere(): (lane: number) => string {
  const { t } = useTranslation();
  const lanes = useLanes().data?.lanes;
  const webhooks = useWebhooks().data?.webhooks;
  const channels = useChannels().data?.channels;
  const channelOf = ({ account, kind }: Schema["Lane"]) =>
    channels?.find(
      ({ definition }) => definition.kind === kind && (definition.account || null) === account,
    );
  return (id) => {
    const webhook = webhooks?.find(({ lane }) => lane === id);
    if (webhook) return t("outbox.webhook", { name: webhook.name });
    const lane = lanes?.find((each) => each.id === id);
    if (!lane) return "…";
    const channel = channelOf(lane);
    return channel ? t("outbox.channel", { name: channel.definition.name }) : lane.kind;
  };
}
